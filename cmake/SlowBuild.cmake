# Warns once, when the directory that takes the library is configured, if its programs would be slow
# without a word: not optimized, or for an instruction set below AVX2 that nobody asked for.
cmake_policy(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/BuildProbe.cmake")

option(SNNBD_WARN_IF_SLOW "Warn if programs that use snnbd are compiled to slow code" ON)

# snnbd_warn_if_slow(DIRECTORY INCLUDE_DIR): looks at the end of DIRECTORY, when all its flags are known.
function(snnbd_warn_if_slow directory include_dir)
  cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [==[${directory}]==]
    CALL snnbd_warn_if_slow_now [==[${include_dir}]==])")
endfunction()

# The options with which the programs of this directory are compiled that link to the library: a list of
# lists, their own semicolons as |; those of the directory if there are none.
function(snnbd_options_of_programs result)
  set(found)
  get_directory_property(targets BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    get_target_property(libraries ${target} LINK_LIBRARIES)
    if(type MATCHES "^(EXECUTABLE|.*_LIBRARY)$" AND NOT type STREQUAL "INTERFACE_LIBRARY" AND
        libraries MATCHES "snnbd")
      get_target_property(options ${target} COMPILE_OPTIONS)
      if(NOT options)
        set(options "")
      endif()
      string(REPLACE ";" "|" options "options|${options}")
      list(APPEND found "${options}")
    endif()
  endforeach()
  if(NOT found)
    get_directory_property(options COMPILE_OPTIONS)
    string(REPLACE ";" "|" found "options|${options}")
  endif()
  list(REMOVE_DUPLICATES found)
  set(${result} "${found}" PARENT_SCOPE)
endfunction()

function(snnbd_warn_if_slow_now include_dir)
  get_property(warned GLOBAL PROPERTY SNNBD_WARNED_OF_SLOW_BUILD)
  if(NOT SNNBD_WARN_IF_SLOW OR warned)
    return()
  endif()
  string(TOUPPER "${CMAKE_BUILD_TYPE}" suffix)
  snnbd_options_of_programs(programs)
  foreach(program IN LISTS programs)
    string(REPLACE "|" ";" options "${program}")
    list(POP_FRONT options)
    snnbd_probe("${include_dir}" "${options}")
    set(found)
    set(arguments)
    set(slower "several times")
    # What is built for several configurations names one of them when it is built.
    if(SNNBD_PROBED_OPTIMIZED STREQUAL "no" AND NOT CMAKE_CONFIGURATION_TYPES)
      list(APPEND found "no optimization")
      set(slower "about 100 times")
      list(APPEND arguments "-DCMAKE_BUILD_TYPE=Release")
    endif()
    # Whoever names an instruction set has chosen it.
    if(SNNBD_PROBED_ISA MATCHES "^(sse2|sse42|avx)_" AND
        NOT "${CMAKE_CXX_FLAGS};${CMAKE_CXX_FLAGS_${suffix}};${options}" MATCHES "-march=")
      string(REGEX REPLACE "_.*" "" isa "${SNNBD_PROBED_ISA}")
      string(TOUPPER "${isa}" isa)
      string(STRIP "${CMAKE_CXX_FLAGS} -march=native" flags)
      list(APPEND found "no more than ${isa}")
      list(APPEND arguments "\"-DCMAKE_CXX_FLAGS=${flags}\"")
    endif()
    if(found)
      list(JOIN found " and " found)
      list(JOIN arguments " " arguments)
      set_property(GLOBAL PROPERTY SNNBD_WARNED_OF_SLOW_BUILD ON)
      message(WARNING "snnbd: expected optimized code for AVX2 or better, found ${found}, "
        "${slower} slower: configure with\n  ${arguments}\n"
        "or, to keep it so, with\n  -DSNNBD_WARN_IF_SLOW=OFF\n")
      return()
    endif()
  endforeach()
endfunction()
