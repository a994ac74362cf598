# Installs the client library into a folder of its own and builds programs against it as its users do:
#   cmake -D BUILD=... -D WORK=... -D SOURCE=... -D LIBDIR=... -D C_COMPILER=... -D CXX_COMPILER=...
#     -D DATADIR=... -P check_install.cmake
cmake_minimum_required(VERSION 3.22)

function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(result)
    string(JOIN " " command ${ARGN})
    message(FATAL_ERROR "${what}: ${command}\n${said}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
# Moved after the installation: nothing in it may know where it was put first.
run("install" ${CMAKE_COMMAND} --install ${BUILD} --component sdk --prefix ${WORK}/first)
file(RENAME ${WORK}/first ${WORK}/prefix)

set(ENV{PKG_CONFIG_PATH} ${WORK}/prefix/${LIBDIR}/pkgconfig)
foreach(static "" --static)
  execute_process(COMMAND pkg-config --cflags --libs ${static} dh_advisor OUTPUT_VARIABLE flags
    OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE result)
  if(result)
    message(FATAL_ERROR "pkg-config ${static} knows no dh_advisor")
  endif()
  if(static)
    string(REPLACE "-ldh_advisor " "${WORK}/prefix/${LIBDIR}/libdh_advisor.a " flags "${flags} ")
  endif()
  separate_arguments(flags UNIX_COMMAND "${flags}")
  set(program ${WORK}/plain${static})
  run("C by pkg-config ${static}" ${C_COMPILER} -std=c99 -pedantic -Wall -Wextra -Werror
    ${SOURCE}/plain.c -o ${program} ${flags})
  run("the C program" ${CMAKE_COMMAND} -E env LD_LIBRARY_PATH=${WORK}/prefix/${LIBDIR} ${program})
endforeach()

# The adapter for dH compiles from the installed sources, beside headers of dH.
execute_process(COMMAND pkg-config --cflags dh_advisor OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE)
separate_arguments(flags UNIX_COMMAND "${flags}")
file(GLOB adapter_sources ${WORK}/prefix/${DATADIR}/dh_advisor/integration/dh/*.cpp)
if(NOT adapter_sources)
  message(FATAL_ERROR "the adapter for dH is not installed in ${WORK}/prefix/${DATADIR}/dh_advisor/integration/dh")
endif()
run("the adapter for dH" ${CXX_COMPILER} -std=c++17 -Wall -Wextra -Werror -fsyntax-only ${adapter_sources} ${flags}
  -I${WORK}/prefix/${DATADIR}/dh_advisor/integration/dh -I${SOURCE}/../../integration/dh_stubs)

# The examples build alone against an installed library of either kind; the static one with gRPC from its CMake package and
# from pkg-config.
foreach(way dh_advisor dh_advisor_shared dh_advisor_without_grpcs_package)
  string(REPLACE _without_grpcs_package "" library ${way})
  string(COMPARE EQUAL ${library} dh_advisor_shared without_grpc)
  string(COMPARE NOTEQUAL ${way} dh_advisor without_package)
  set(examples advised_loop advised_loop_c self_check_c)
  if(way MATCHES "package")
    set(examples advised_loop_c)
  endif()
  run("configuring by find_package" ${CMAKE_COMMAND} -G Ninja -S ${SOURCE}/../../../examples -B ${WORK}/${way}
    -D CMAKE_DISABLE_FIND_PACKAGE_gRPC=${without_package}
    -D CMAKE_PREFIX_PATH=${WORK}/prefix -D CMAKE_BUILD_TYPE=Debug -D DH_ADVISOR_LIBRARY=${library}
    # As on a machine that has neither.
    -D CMAKE_DISABLE_FIND_PACKAGE_PkgConfig=${without_grpc} -D CMAKE_DISABLE_FIND_PACKAGE_Protobuf=${without_grpc})
  run("building by find_package" ${CMAKE_COMMAND} --build ${WORK}/${way} --target ${examples})
  if(NOT without_grpc)
    file(STRINGS ${WORK}/${way}/CMakeCache.txt found REGEX "^gRPC_DIR:PATH=/")
    if(found AND without_package OR NOT found AND NOT without_package)
      message(FATAL_ERROR "${way}: gRPC was found in another way: ${found}")
    endif()
  endif()
  foreach(example ${examples})
    run("${example}" ${CMAKE_COMMAND} -E env LD_LIBRARY_PATH=${WORK}/prefix/${LIBDIR} ${WORK}/${way}/${example} 127.0.0.1:9)
  endforeach()
endforeach()
