# A room includes itself and what stands to its left in this list, nothing else. What lies in a folder
# with rooms of its own, and in none of them, may include all of these.
cmake_minimum_required(VERSION 3.25)
set(order core format event
  kernels/simd kernels/elementwise kernels/linear kernels/neuron kernels/conversion kernels
  tensor statistics data poison encode neuron/surrogates neuron layer network model
  learn/training learn/trigger learn/conversion learn/hybrid learn
  metric defend detect repair report stage experiment interop)

# The room of a path below include/snnbd/.
function(room_of path result)
  cmake_path(GET path PARENT_PATH folder)
  set(${result} "${folder}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE files RELATIVE "${SOURCE}/include/snnbd" "${SOURCE}/include/snnbd/*/*.[hi]pp")
foreach(file IN LISTS files)
  room_of("${file}" room)
  list(FIND order "${room}" rank)
  if(rank EQUAL -1)
    message(SEND_ERROR "${file}: expected a room of ${order}, found ${room}")
    continue()
  endif()
  file(STRINGS "${SOURCE}/include/snnbd/${file}" lines REGEX "^ *# *include +[<\"]snnbd/")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "snnbd/([^>\"]+)" found "${line}")
    room_of("${CMAKE_MATCH_1}" included)
    list(FIND order "${included}" included_rank)
    if(included_rank EQUAL -1 OR included_rank GREATER rank)
      message(SEND_ERROR "${file}: expected includes of ${room} and what it builds on, found ${line}")
    endif()
  endforeach()
endforeach()
