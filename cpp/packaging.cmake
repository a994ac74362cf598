# What `cpack` makes of a build folder, see scripts/release: Debian packages of the optimizer and of the client library, and the library
# once more as an archive, for systems that are not Debian's.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "The dh-advisor authors")
set(CPACK_PACKAGE_CONTACT "The dh-advisor authors <maintainers@dh-advisor.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Advice for radiotherapy plan optimizers while they run (research software)")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_CURRENT_LIST_DIR}/../LICENSE)
set(CPACK_COMPONENTS_ALL rtmodel sdk)
set(CPACK_STRIP_FILES ON)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_ARCHIVE_SDK_FILE_NAME dh-advisor-sdk-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_ARCHIVE_THREADS 0)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
# Versions of the libraries it was linked with, as dpkg-shlibdeps finds them.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RTMODEL_PACKAGE_NAME rtmodel)
set(CPACK_DEBIAN_RTMODEL_PACKAGE_SECTION science)
set(CPACK_DEBIAN_SDK_PACKAGE_NAME libdh-advisor-dev)
set(CPACK_DEBIAN_SDK_PACKAGE_SECTION libdevel)
# Who links the static library links what it stands on, too.
set(CPACK_DEBIAN_SDK_PACKAGE_SUGGESTS "libgrpc++-dev, libprotobuf-dev")
set(CPACK_COMPONENT_RTMODEL_DESCRIPTION "rtmodel, the reference optimizer: plans cases, alone or with advice, and has a C interface.")
set(CPACK_COMPONENT_SDK_DESCRIPTION "The client library for optimizers in C++ and C: headers, libdh_advisor, a CMake package, pkg-config.")
include(CPack)
