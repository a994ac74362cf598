/* Every C header alone, in a language of 2011. */
#include "dh_advisor/c_api.h"
#include "dh_advisor/c_checks.h"
#include "dh_advisor/c_features.h"
#include "dh_advisor/c_gates.h"

/* Structures that may grow begin with their size. */
_Static_assert(offsetof(dh_advisor_feature_input, struct_size) == 0, "struct_size comes first");
_Static_assert(offsetof(dh_advisor_gradient_check, struct_size) == 0, "struct_size comes first");
_Static_assert(offsetof(dh_advisor_geometry_check, struct_size) == 0, "struct_size comes first");
_Static_assert(offsetof(dh_advisor_check_result, struct_size) == 0, "struct_size comes first");
_Static_assert(offsetof(dh_advisor_role_counters, struct_size) == 0, "struct_size comes first");

int c_api_version_of_header(void);
int c_api_version_of_header(void) { return DH_ADVISOR_C_API_VERSION; }
