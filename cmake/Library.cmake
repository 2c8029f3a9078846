set(SNNBD_DATA_DIR "${CMAKE_INSTALL_DATADIR}/snnbd")
cmake_path(IS_ABSOLUTE CMAKE_INSTALL_DATADIR data_is_absolute)
if(data_is_absolute)
  set(installed_data "${SNNBD_DATA_DIR}")
else()
  set(installed_data "$<INSTALL_PREFIX>/${SNNBD_DATA_DIR}")
endif()

add_library(snnbd INTERFACE)
add_library(snnbd::snnbd ALIAS snnbd)
target_compile_features(snnbd INTERFACE cxx_std_20)
target_include_directories(snnbd INTERFACE
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>"
  "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_compile_definitions(snnbd INTERFACE
  "$<BUILD_INTERFACE:SNNBD_EMBEDDED_DATA=\"${PROJECT_SOURCE_DIR}/data\">"
  "$<INSTALL_INTERFACE:SNNBD_EMBEDDED_DATA=\"${installed_data}\">")
target_link_libraries(snnbd INTERFACE
  Eigen3::Eigen xtensor xsimd nlohmann_json::nlohmann_json ZLIB::ZLIB
  Random123::Random123 Stb::Stb)
if(SNNBD_OPENMP)
  target_link_libraries(snnbd INTERFACE OpenMP::OpenMP_CXX)
endif()
foreach(package IN ITEMS Lz4 Zstd)
  string(TOUPPER "${package}" name)
  if(SNNBD_HAS_${name})
    target_link_libraries(snnbd INTERFACE ${package}::${package})
    target_compile_definitions(snnbd INTERFACE SNNBD_HAS_${name})
  endif()
endforeach()

# What our own programs are compiled with; never part of a public target. g++ 12 takes the inside of
# a std::optional and of AVX-512 intrinsics for uninitialized, and a short std::string for
# overlapping with itself; clang and the sanitizers look after both.
add_library(snnbd_warnings INTERFACE)
target_compile_options(snnbd_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${SNNBD_WERROR}>:-Werror>
  $<$<NOT:$<BOOL:${SNNBD_OPENMP}>>:-Wno-unknown-pragmas>)

# The loops compiled once: a translation unit for each .ipp, so that they build side by side.
file(GLOB_RECURSE loops RELATIVE "${PROJECT_SOURCE_DIR}/include" CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/include/snnbd/*.ipp")
list(REMOVE_ITEM loops snnbd/compiled.ipp)
list(FILTER loops EXCLUDE REGEX "^snnbd/interop/")
set(units)
foreach(loop IN LISTS loops)
  cmake_path(REMOVE_EXTENSION loop OUTPUT_VARIABLE stem)
  set(unit "${PROJECT_BINARY_DIR}/compiled/${stem}.cpp")
  file(CONFIGURE OUTPUT "${unit}" CONTENT "#include <${loop}>\n")
  list(APPEND units "${unit}")
endforeach()

add_library(snnbd_compiled STATIC ${units})
# What most of them spend is parsing headers, which several can share. The kernels are compiled one by one
# always: what the optimizer makes of a loop must not depend on its neighbours.
if(SNNBD_UNITY)
  set(kernels ${units})
  list(FILTER kernels INCLUDE REGEX "/compiled/snnbd/(kernels|neuron|encode)/")
  set_source_files_properties(${kernels} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  set_target_properties(snnbd_compiled PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
endif()
add_library(snnbd::compiled ALIAS snnbd_compiled)
set_target_properties(snnbd_compiled PROPERTIES EXPORT_NAME compiled)
target_compile_definitions(snnbd_compiled PUBLIC SNNBD_COMPILED)
target_link_libraries(snnbd_compiled PUBLIC snnbd PRIVATE $<BUILD_INTERFACE:snnbd_warnings>)
# Whoever compiles against it with other flags is told so; see core/config.hpp. Asked for when all of
# its options are known, since a project that contains this one may add some.
function(snnbd_name_what_compiled_for flags threads)
  set(CMAKE_CXX_FLAGS "${flags}")
  get_target_property(options snnbd_compiled COMPILE_OPTIONS)
  if(NOT options)
    set(options "")
  endif()
  snnbd_probe("${snnbd_SOURCE_DIR}/include" "${options};${threads}")
  if(SNNBD_PROBED_ISA)
    target_compile_definitions(snnbd_compiled PUBLIC "SNNBD_COMPILED_FOR=${SNNBD_PROBED_ISA}")
  endif()
  message(STATUS "snnbd::compiled is compiled for ${SNNBD_PROBED_ISA}")
endfunction()
set(threads "")
if(SNNBD_OPENMP)
  separate_arguments(threads UNIX_COMMAND "${OpenMP_CXX_FLAGS}")
endif()
cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [==[${CMAKE_SOURCE_DIR}]==]
  CALL snnbd_name_what_compiled_for [==[${CMAKE_CXX_FLAGS}]==] [==[${threads}]==])")

if(NOT SNNBD_INSTALL AND NOT PROJECT_IS_TOP_LEVEL)
  set_target_properties(snnbd_compiled PROPERTIES EXCLUDE_FROM_ALL ON)
endif()

# Command lines for programs: opt-in, as nothing else needs CLI11.
find_package(CLI11 QUIET)
if(CLI11_FOUND)
  set(unit "${PROJECT_BINARY_DIR}/compiled/snnbd/interop/cli.cpp")
  file(CONFIGURE OUTPUT "${unit}" CONTENT "#include <snnbd/interop/cli.ipp>\n")
  add_library(snnbd_cli STATIC "${unit}")
  add_library(snnbd::cli ALIAS snnbd_cli)
  set_target_properties(snnbd_cli PROPERTIES EXPORT_NAME cli)
  if(NOT SNNBD_INSTALL)
    set_target_properties(snnbd_cli PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
  target_link_libraries(snnbd_cli PUBLIC snnbd_compiled CLI11::CLI11
    PRIVATE $<BUILD_INTERFACE:snnbd_warnings>)
endif()
