# Runs README.md's lines that build and install the library, for the folder BUILD and into PREFIX.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/readme_blocks.cmake")
readme_block(block sh "cmake --install")

# BUILD is configured, with a preset or by hand.
readme_replace(block "cmake --preset release\n" "cmake --list-presets\n")
readme_replace(block "--build --preset release " "--build '${BUILD}' ")
readme_replace(block " build/release " " '${BUILD}' ")
readme_replace(block " PREFIX" " '${PREFIX}'")
file(REMOVE_RECURSE "${PREFIX}")
readme_run("${block}" "${SOURCE}")
if(NOT readme_output MATCHES "\"release\"")
  message(FATAL_ERROR "README.md: expected a preset 'release', found\n${readme_output}")
endif()
