# Stb::Stb: headers only, named as <stb/stb_image_write.h>.
find_path(Stb_INCLUDE_DIR stb/stb_image_write.h)
mark_as_advanced(Stb_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Stb REQUIRED_VARS Stb_INCLUDE_DIR)

if(Stb_FOUND AND NOT TARGET Stb::Stb)
  add_library(Stb::Stb INTERFACE IMPORTED)
  target_include_directories(Stb::Stb INTERFACE "${Stb_INCLUDE_DIR}")
endif()
