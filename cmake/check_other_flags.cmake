# A program that links to snnbd::compiled with other flags must be told so by one error, by the compiler.
# CONSUMER is the project, WHERE tells it where the library is, FLAGS are those of the library.
cmake_minimum_required(VERSION 3.25)
set(ENV{CXXFLAGS} "")
file(REMOVE_RECURSE "${FOLDER}")
execute_process(COMMAND "${CMAKE_COMMAND}" -S "${CONSUMER}" -B "${FOLDER}" -G "${GENERATOR}"
  "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${FLAGS}" "${WHERE}" -DCMAKE_BUILD_TYPE=Release
  -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DSNNBD_WARN_IF_SLOW=OFF
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

file(STRINGS "${FOLDER}/compile_commands.json" line REGEX "\"command\".*/consumer_compiled\\.dir/")
if(NOT line MATCHES "SNNBD_COMPILED_FOR=([a-z0-9]+)_([a-z]+)")
  message(FATAL_ERROR "${CONSUMER}: expected SNNBD_COMPILED_FOR among the flags, found ${line}")
endif()
set(isa "${CMAKE_MATCH_1}")
set(threads "${CMAKE_MATCH_2}")
string(REGEX REPLACE ", *$" "" line "${line}")
string(JSON command GET "{${line}}" command)
separate_arguments(command UNIX_COMMAND "${command}")
list(APPEND command -fsyntax-only)

execute_process(COMMAND ${command} RESULT_VARIABLE result ERROR_VARIABLE errors)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${CONSUMER}: expected to compile with the library's flags, found ${errors}")
endif()

function(expect_error found)
  execute_process(COMMAND ${command} ${ARGN} RESULT_VARIABLE result ERROR_VARIABLE errors)
  string(REGEX MATCHALL "error:" all "${errors}")
  list(LENGTH all count)
  set(sentence "snnbd: expected flags for ${isa}_${threads}, as snnbd::compiled was compiled for, found ${found}: ")
  string(FIND "${errors}" "${sentence}" place)
  if(result EQUAL 0 OR NOT count EQUAL 1 OR place EQUAL -1)
    message(SEND_ERROR "${CONSUMER} with ${ARGN}: expected one error '${sentence}', found ${count}: "
      "${errors}")
  endif()
endfunction()

if(PROCESSOR MATCHES "^(x86_64|AMD64)$")
  if(isa STREQUAL "sse2")
    expect_error("avx2_${threads}" -mavx2 -mfma)
  else()
    expect_error("sse2_${threads}" -mno-sse3)
  endif()
endif()
if(threads STREQUAL "openmp")
  expect_error("${isa}_serial" -fno-openmp)
else()
  expect_error("${isa}_openmp" -fopenmp)
endif()
