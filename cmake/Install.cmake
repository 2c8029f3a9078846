include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/snnbd")

# What an installation consists of.
set(libraries snnbd_compiled)
if(TARGET snnbd_cli)
  list(APPEND libraries snnbd_cli)
endif()
add_custom_target(build_library DEPENDS ${libraries})

# Else the error would only name the file that cannot be copied.
foreach(library IN LISTS libraries)
  install(CODE "
if(NOT EXISTS \"$<TARGET_FILE:${library}>\")
  message(FATAL_ERROR \"snnbd: expected a library that is built before it is installed, found none: run \"
    \"'cmake --build ${PROJECT_BINARY_DIR} --target build_library' first\")
endif()")
endforeach()

install(TARGETS snnbd snnbd_compiled EXPORT snnbd_targets)
install(EXPORT snnbd_targets FILE snnbdTargets.cmake NAMESPACE snnbd:: DESTINATION "${package_dir}")
# Apart, since whoever finds this package need not have CLI11.
if(TARGET snnbd_cli)
  install(TARGETS snnbd_cli EXPORT snnbd_cli_targets)
  install(EXPORT snnbd_cli_targets FILE snnbdCliTargets.cmake NAMESPACE snnbd::
    DESTINATION "${package_dir}")
endif()
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/snnbd" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.hpp" PATTERN "*.ipp")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/data/" DESTINATION "${SNNBD_DATA_DIR}"
  FILES_MATCHING PATTERN "*.gz" PATTERN "README.md")

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/snnbdConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/snnbdConfig.cmake" INSTALL_DESTINATION "${package_dir}"
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/snnbdConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/snnbdConfig.cmake" "${PROJECT_BINARY_DIR}/snnbdConfigVersion.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/FindRandom123.cmake" "${PROJECT_SOURCE_DIR}/cmake/FindStb.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/FindLz4.cmake" "${PROJECT_SOURCE_DIR}/cmake/FindZstd.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/SlowBuild.cmake" "${PROJECT_SOURCE_DIR}/cmake/BuildProbe.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/build_probe.cpp"
  DESTINATION "${package_dir}")

# The prefix is found from the file's own place, so that the installed tree can be moved.
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}"
  OUTPUT_VARIABLE libdir_from_prefix)
string(REGEX REPLACE "[^/]+" ".." prefix_from_libdir "${libdir_from_prefix}")
foreach(kind IN ITEMS INCLUDE DATA)
  cmake_path(IS_ABSOLUTE CMAKE_INSTALL_${kind}DIR absolute)
  if(absolute)
    set(pc_${kind}DIR "${CMAKE_INSTALL_${kind}DIR}")
  else()
    set(pc_${kind}DIR "\${prefix}/${CMAKE_INSTALL_${kind}DIR}")
  endif()
endforeach()
set(pc_openmp "")
if(SNNBD_OPENMP)
  set(pc_openmp "${OpenMP_CXX_FLAGS}")
endif()
set(pc_unpackers "")
set(pc_definitions "")
foreach(package IN ITEMS LZ4 ZSTD)
  if(SNNBD_HAS_${package})
    string(TOLOWER " lib${package}" library)
    string(APPEND pc_unpackers "${library}")
    string(APPEND pc_definitions "-DSNNBD_HAS_${package} ")
  endif()
endforeach()
configure_file("${PROJECT_SOURCE_DIR}/cmake/snnbd.pc.in" "${PROJECT_BINARY_DIR}/snnbd.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/snnbd.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
