# What the static library stands on, as targets: dh_advisor::protobuf, and with DH_ADVISOR_TRANSPORT=grpc
# dh_advisor::grpc. The build includes this file, and so does the installed package.

# gRPC's own CMake package first: vcpkg, Conan and gRPC's own build have it, Debian too. Then pkg-config.
if(DH_ADVISOR_TRANSPORT STREQUAL "grpc" AND NOT TARGET dh_advisor::grpc)
  # Debian's CMake package names programs of another package of Debian's, and ends CMake where that is not installed.
  set(dh_advisor_has_half_of_grpc FALSE)
  if(NOT gRPC_DIR AND NOT CMAKE_TOOLCHAIN_FILE AND NOT EXISTS /usr/bin/grpc_cpp_plugin AND
     EXISTS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/cmake/grpc/gRPCTargets.cmake)
    set(dh_advisor_has_half_of_grpc TRUE)
  endif()
  if(NOT dh_advisor_has_half_of_grpc)
    find_package(gRPC CONFIG QUIET)
  endif()
  add_library(dh_advisor::grpc INTERFACE IMPORTED)
  if(gRPC_FOUND)
    set_target_properties(dh_advisor::grpc PROPERTIES INTERFACE_LINK_LIBRARIES gRPC::grpc++)
    set(DH_ADVISOR_GRPC_FOUND_BY "its CMake package, ${gRPC_VERSION}")
  else()
    find_package(PkgConfig REQUIRED)
    pkg_check_modules(GRPCPP REQUIRED IMPORTED_TARGET grpc++>=1.51)
    set_target_properties(dh_advisor::grpc PROPERTIES INTERFACE_LINK_LIBRARIES PkgConfig::GRPCPP)
    set(DH_ADVISOR_GRPC_FOUND_BY "pkg-config, ${GRPCPP_VERSION}")
  endif()
endif()

if(NOT TARGET dh_advisor::protobuf)
  if(NOT Protobuf_FOUND)
    find_package(Protobuf CONFIG QUIET)
  endif()
  if(NOT Protobuf_FOUND)
    find_package(Protobuf REQUIRED)
  endif()
  add_library(dh_advisor::protobuf INTERFACE IMPORTED)
  # gRPC brings the whole library, and never both in one program.
  if(DH_ADVISOR_TRANSPORT STREQUAL "grpc")
    set_target_properties(dh_advisor::protobuf PROPERTIES INTERFACE_LINK_LIBRARIES protobuf::libprotobuf)
  else()
    set_target_properties(dh_advisor::protobuf PROPERTIES INTERFACE_LINK_LIBRARIES protobuf::libprotobuf-lite)
  endif()
endif()
