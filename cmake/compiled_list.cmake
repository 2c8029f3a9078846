# Checks that compiled.ipp names every .ipp; with -DWRITE=ON writes it.
#   cmake -DWRITE=ON -P cmake/compiled_list.cmake
cmake_minimum_required(VERSION 3.25)
if(NOT SOURCE)
  cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH SOURCE)
endif()
set(list_file "${SOURCE}/include/snnbd/compiled.ipp")

file(GLOB_RECURSE loops RELATIVE "${SOURCE}/include" "${SOURCE}/include/snnbd/*.ipp")
list(REMOVE_ITEM loops snnbd/compiled.ipp)
list(FILTER loops EXCLUDE REGEX "^snnbd/interop/")
list(SORT loops)
list(TRANSFORM loops REPLACE "(.+)" "#include <\\1>\n")
list(JOIN loops "" includes)
set(expected "#pragma once

/// Every definition of the library, for a build that compiles them in one translation unit: define
/// `SNNBD_COMPILED` everywhere and include this file in one source file.
/// Written by cmake/compiled_list.cmake.

#if !defined(SNNBD_COMPILED)
#error \"snnbd: compiled.ipp is for builds that define SNNBD_COMPILED everywhere\"
#endif

${includes}")

if(WRITE)
  file(WRITE "${list_file}" "${expected}")
  return()
endif()
set(found "")
if(EXISTS "${list_file}")
  file(READ "${list_file}" found)
endif()
if(NOT found STREQUAL expected)
  message(FATAL_ERROR "${list_file}: expected every .ipp file, found an old list: run "
    "'cmake -DWRITE=ON -P cmake/compiled_list.cmake'")
endif()
