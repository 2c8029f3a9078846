# COMPILER must refuse the library with each flag that lets it take every number for finite, in one
# sentence, and accept it without.
cmake_minimum_required(VERSION 3.25)

set(compile "${COMPILER}" -std=c++20 "-I${SOURCE}/include" -fsyntax-only
  -include snnbd/core/config.hpp -x c++ /dev/null)
execute_process(COMMAND ${compile} -O2 RESULT_VARIABLE plain ERROR_VARIABLE found)
if(NOT plain EQUAL 0)
  message(FATAL_ERROR "core/config.hpp: expected to compile with -O2, found\n${found}")
endif()

foreach(flag IN ITEMS -ffast-math -Ofast -ffinite-math-only)
  execute_process(COMMAND ${compile} ${flag} RESULT_VARIABLE refused ERROR_VARIABLE found)
  string(REGEX MATCHALL "error:" errors "${found}")
  list(LENGTH errors count)
  if(refused EQUAL 0 OR NOT count EQUAL 1 OR NOT found MATCHES "error: (#error )?\"?snnbd: fast maths removes")
    message(FATAL_ERROR "core/config.hpp with ${flag}: expected one error, which says what to leave "
      "out, found ${count}:\n${found}")
  endif()
endforeach()
