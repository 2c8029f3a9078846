# Configures the consumer CONSUMER in several ways and counts the warnings that its programs would be slow.
# WHERE tells it where the library is.
cmake_minimum_required(VERSION 3.25)
set(ENV{CXXFLAGS} "")

function(expect_warning sentence)
  file(REMOVE_RECURSE "${FOLDER}")
  execute_process(COMMAND "${CMAKE_COMMAND}" -S "${CONSUMER}" -B "${FOLDER}" -G "${GENERATOR}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" "${WHERE}" ${ARGN}
    RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE errors)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${CONSUMER}, configured with ${ARGN}: ${errors}")
  endif()
  string(REGEX REPLACE "[ \n]+" " " said "${errors}")
  string(REGEX MATCHALL "snnbd: expected optimized code" warnings "${said}")
  list(LENGTH warnings count)
  set(expected 1)
  if(sentence STREQUAL "nothing")
    set(expected 0)
  endif()
  string(FIND "${said}" "${sentence}" place)
  if(NOT count EQUAL expected OR (expected AND place EQUAL -1))
    message(SEND_ERROR "${CONSUMER}, configured with ${ARGN}: expected ${expected} warnings, with "
      "'${sentence}', found ${count}: ${said}")
  endif()
endfunction()

# An instruction set that everything of this kind has is no reason to warn elsewhere.
set(wide)
if(PROCESSOR MATCHES "^(x86_64|AMD64)$")
  set(wide "-DCMAKE_CXX_FLAGS=-march=haswell")
  expect_warning("configure with \"-DCMAKE_CXX_FLAGS=-march=native\" or, to keep"
    -DCMAKE_BUILD_TYPE=Release)
  expect_warning("configure with \"-DCMAKE_CXX_FLAGS=-Wall -march=native\" or, to keep"
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS=-Wall)
  expect_warning("found no optimization and no more than SSE2, about 100 times slower")
  expect_warning("nothing" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS=-march=x86-64-v2)
endif()
expect_warning("configure with -DCMAKE_BUILD_TYPE=Release or, to keep" ${wide})
expect_warning("configure with -DCMAKE_BUILD_TYPE=Release or, to keep" ${wide}
  -DCMAKE_BUILD_TYPE=Debug)
expect_warning("nothing" ${wide} -DCMAKE_BUILD_TYPE=Release)
expect_warning("nothing" -DSNNBD_WARN_IF_SLOW=OFF)
