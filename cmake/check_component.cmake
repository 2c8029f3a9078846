# Whoever asks for the component cli gets it or is told in one sentence why not; others need no CLI11.
cmake_minimum_required(VERSION 3.25)

# Configures the consumer; `sentence` is what its error must say, or "nothing".
function(expect_error sentence)
  file(REMOVE_RECURSE "${FOLDER}")
  execute_process(COMMAND "${CMAKE_COMMAND}" -S "${CONSUMER}" -B "${FOLDER}" -G "${GENERATOR}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_PREFIX_PATH=${PREFIX}" -DSNNBD_WARN_IF_SLOW=OFF ${ARGN}
    RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE errors)
  string(REGEX REPLACE "[ \n]+" " " said "${errors}")
  string(FIND "${said}" "${sentence}" place)
  if(sentence STREQUAL "nothing")
    if(NOT result EQUAL 0)
      message(SEND_ERROR "find_package with ${ARGN}: expected no error, found ${errors}")
    endif()
  elseif(result EQUAL 0 OR place EQUAL -1)
    message(SEND_ERROR "find_package with ${ARGN}: expected '${sentence}', found '${said}'")
  endif()
endfunction()

expect_error("nothing" -DCMAKE_DISABLE_FIND_PACKAGE_CLI11=ON)
if(INSTALLED_CLI)
  expect_error("nothing" "-DCOMPONENTS=COMPONENTS\\;cli")
  expect_error("snnbd::cli: expected CLI11, found none: install it"
    "-DCOMPONENTS=COMPONENTS\\;cli" -DCMAKE_DISABLE_FIND_PACKAGE_CLI11=ON)
  # As if it had been built where CLI11 was not.
  file(REMOVE_RECURSE "${FOLDER}_prefix")
  file(COPY "${PREFIX}/" DESTINATION "${FOLDER}_prefix")
  file(GLOB_RECURSE targets "${FOLDER}_prefix/*/snnbdCliTargets*.cmake")
  file(REMOVE ${targets})
  set(PREFIX "${FOLDER}_prefix")
endif()
expect_error("snnbd::cli: expected an installation with it, found one that was built without CLI11"
  "-DCOMPONENTS=COMPONENTS\\;cli")
expect_error("nothing")
