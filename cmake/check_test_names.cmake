# A bracket or a semicolon in the name of a test case breaks the list of tests that ctest reads.
cmake_minimum_required(VERSION 3.25)

file(GLOB_RECURSE files "${SOURCE}/tests/*.[hc]pp")
foreach(file IN LISTS files)
  file(READ "${file}" text)
  if("${text}" MATCHES "TEST_CASE\\([ \n]*(\"[^\"]*[][;][^\"]*\")")
    message(SEND_ERROR "${file}: expected no bracket or semicolon in a test case's name, "
      "found ${CMAKE_MATCH_1}")
  endif()
endforeach()
