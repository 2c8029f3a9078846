# OneDnn::OneDnn: its own configuration asks for OpenCL, which nothing here needs.
find_path(OneDnn_INCLUDE_DIR oneapi/dnnl/dnnl.hpp)
find_library(OneDnn_LIBRARY dnnl)
mark_as_advanced(OneDnn_INCLUDE_DIR OneDnn_LIBRARY)

set(version_file "${OneDnn_INCLUDE_DIR}/oneapi/dnnl/dnnl_version.h")
if(EXISTS "${version_file}")
  file(STRINGS "${version_file}" version_lines REGEX "define DNNL_VERSION_(MAJOR|MINOR)")
  string(REGEX MATCHALL "[0-9]+" numbers "${version_lines}")
  list(JOIN numbers "." OneDnn_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OneDnn
  REQUIRED_VARS OneDnn_LIBRARY OneDnn_INCLUDE_DIR OneDnn_VERSION
  VERSION_VAR OneDnn_VERSION HANDLE_VERSION_RANGE)

if(OneDnn_FOUND AND NOT TARGET OneDnn::OneDnn)
  add_library(OneDnn::OneDnn UNKNOWN IMPORTED)
  set_target_properties(OneDnn::OneDnn PROPERTIES
    IMPORTED_LOCATION "${OneDnn_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${OneDnn_INCLUDE_DIR}")
endif()
