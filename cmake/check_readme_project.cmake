# Makes a project of README.md's own lines, builds and runs it. KIND is
#   installed    found below PREFIX
#   contained    in a folder of the project
#   fetched      by FetchContent
#   pkg-config   installed, without CMake
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/readme_blocks.cmake")
set(ENV{CXX} "${COMPILER}")
set(ENV{CXXFLAGS} "")
set(ENV{CMAKE_GENERATOR} "${GENERATOR}")

file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")
configure_file("${SOURCE}/tests/package/main.cpp" "${FOLDER}/study.cpp" COPYONLY)

if(KIND STREQUAL "pkg-config")
  set(ENV{PKG_CONFIG_PATH} "${PREFIX}/${LIBDIR}/pkgconfig")
  readme_block(build sh "pkg-config")
  readme_replace(build "eval g++ " "eval '${COMPILER}' ")
  readme_run("${build}" "${FOLDER}")
  readme_run("./study" "${FOLDER}")
  return()
endif()

readme_block(project cmake "find_package(snnbd")
readme_block(build sh "cmake -S . -B build")
if(KIND STREQUAL "installed")
  readme_replace(build "=PREFIX" "='${PREFIX}'")
else()
  readme_replace(build " -DCMAKE_PREFIX_PATH=PREFIX" "")
  if(KIND STREQUAL "contained")
    file(CREATE_LINK "${SOURCE}" "${FOLDER}/snnbd" SYMBOLIC)
    readme_block(taken cmake "add_subdirectory")
  else()
    # The address is not asked: what it would give is here.
    readme_block(taken cmake "FetchContent_Declare")
    readme_replace(build "-B build" "-B build '-DFETCHCONTENT_SOURCE_DIR_SNNBD=${SOURCE}'")
  endif()
  readme_replace(project "find_package(snnbd 0.1 REQUIRED)\n" "${taken}")
endif()
file(WRITE "${FOLDER}/CMakeLists.txt" "${project}")

readme_run("${build}" "${FOLDER}")
if(readme_output MATCHES "CMake Warning")
  message(FATAL_ERROR "README.md, ${KIND}: expected no warning, found\n${readme_output}")
endif()
readme_run("build/study" "${FOLDER}")
