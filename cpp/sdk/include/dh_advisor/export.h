#ifndef DH_ADVISOR_EXPORT_H_
#define DH_ADVISOR_EXPORT_H_

/*
 * What the shared library shows. Programs that link the static library on Windows define DH_ADVISOR_STATIC (the CMake
 * package does it for them); the library's own build defines DH_ADVISOR_BUILDING.
 */
#if defined(_WIN32) && defined(DH_ADVISOR_STATIC)
#define DH_ADVISOR_API
#elif defined(_WIN32) && defined(DH_ADVISOR_BUILDING)
#define DH_ADVISOR_API __declspec(dllexport)
#elif defined(_WIN32)
#define DH_ADVISOR_API __declspec(dllimport)
#elif defined(__GNUC__)
#define DH_ADVISOR_API __attribute__((visibility("default")))
#else
#define DH_ADVISOR_API
#endif

/* Part of a class that is shown, and not shown itself. */
#if defined(__GNUC__) && !defined(_WIN32)
#define DH_ADVISOR_LOCAL __attribute__((visibility("hidden")))
#else
#define DH_ADVISOR_LOCAL
#endif

#endif
