cmake_policy(VERSION 3.25)

# snnbd_probe(INCLUDE_DIR OPTIONS): asks the compiler what a file of the current directory with this list
# of options is compiled for. Sets in the caller's scope
#   SNNBD_PROBED_ISA        as config.hpp spells it: avx2_openmp, sse2_serial, ...; empty if unknown
#   SNNBD_PROBED_OPTIMIZED  yes, no, or empty if unknown
function(snnbd_probe include_dir options)
  set(configuration "${CMAKE_BUILD_TYPE}")
  string(TOUPPER "${configuration}" suffix)
  set(source "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/build_probe.cpp")
  file(SHA256 "${include_dir}/snnbd/core/config.hpp" headers)
  string(SHA256 key "${CMAKE_CXX_COMPILER}|${CMAKE_CXX_FLAGS}|${CMAKE_CXX_FLAGS_${suffix}}|${options}|${headers}")
  string(SUBSTRING "${key}" 0 16 key)
  if(NOT DEFINED CACHE{SNNBD_PROBE_${key}})
    # Without a configuration of their own, probes are built for Debug.
    set(CMAKE_TRY_COMPILE_CONFIGURATION "${configuration}")
    if(NOT configuration)
      set(CMAKE_TRY_COMPILE_CONFIGURATION Debug)
      set(CMAKE_CXX_FLAGS_DEBUG "")
    endif()
    set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
    # As options of a target they may be generator expressions.
    add_library(snnbd_probe_${key} INTERFACE IMPORTED)
    set_target_properties(snnbd_probe_${key} PROPERTIES INTERFACE_COMPILE_OPTIONS "${options}")
    try_compile(compiled "${CMAKE_BINARY_DIR}/CMakeFiles/snnbd_probe/${key}" "${source}"
      CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${include_dir}"
      LINK_LIBRARIES snnbd_probe_${key}
      CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON
      OUTPUT_VARIABLE output)
    set(found "")
    if(output MATCHES "isa=([a-z0-9]+_[a-z]+) optimized=(yes|no)[.]")
      set(found "${CMAKE_MATCH_1};${CMAKE_MATCH_2}")
    endif()
    unset(compiled CACHE)
    set(SNNBD_PROBE_${key} "${found}" CACHE INTERNAL "what snnbd is compiled for")
  endif()
  set(isa "")
  set(optimized "")
  if(SNNBD_PROBE_${key})
    list(GET SNNBD_PROBE_${key} 0 isa)
    list(GET SNNBD_PROBE_${key} 1 optimized)
  endif()
  set(SNNBD_PROBED_ISA "${isa}" PARENT_SCOPE)
  set(SNNBD_PROBED_OPTIMIZED "${optimized}" PARENT_SCOPE)
endfunction()
