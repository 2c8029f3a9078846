# A folder includes itself and what stands to its left in this list, nothing else.
cmake_minimum_required(VERSION 3.25)
set(order core kernels data poison encode neuron layer network model learn metric defend report stage
  experiment interop)

file(GLOB_RECURSE files RELATIVE "${SOURCE}/include/snnbd" "${SOURCE}/include/snnbd/*/*.[hi]pp")
foreach(file IN LISTS files)
  string(REGEX MATCH "^[^/]+" folder "${file}")
  list(FIND order "${folder}" rank)
  file(STRINGS "${SOURCE}/include/snnbd/${file}" lines REGEX "^ *# *include +[<\"]snnbd/")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "snnbd/([^/>\"]+)" found "${line}")
    set(included "${CMAKE_MATCH_1}")
    list(FIND order "${included}" included_rank)
    if(rank EQUAL -1 OR included_rank GREATER rank OR
        (included_rank EQUAL -1 AND NOT included STREQUAL "fwd.hpp"))
      message(SEND_ERROR "${file}: expected includes of ${folder} and what it builds on, found ${line}")
    endif()
  endforeach()
endforeach()
