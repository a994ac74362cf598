#ifndef DH_ADVISOR_C_API_H_
#define DH_ADVISOR_C_API_H_

#include "dh_advisor/c_types.h"
#include "dh_advisor/export.h"

/*
 * C interface of the client library: the same session as `dh_advisor/session.h`, whose documentation holds here, too.
 * The gates are in `dh_advisor/c_gates.h`, features and resampling in `c_features.h`, self-checks in `c_checks.h`.
 *
 * Ownership: pointers passed in are borrowed for the call; vectors handed out are copied into the caller's buffers.
 * One thread uses a session; different sessions are independent. No call aborts, throws or outlives its deadline.
 * A NULL where something is needed, a count without its array, or a number that means nothing silences the session with
 * DH_ADVISOR_STATUS_INVALID_INPUT and a status that names it; a NULL session is one that is silent.
 */
#ifdef __cplusplus
extern "C" {
#endif

/* Of this header; grows with every addition. */
#define DH_ADVISOR_C_API_VERSION 3
/* Of the library. */
DH_ADVISOR_API int dh_advisor_c_api_version(void);

typedef struct dh_advisor_session dh_advisor_session;

/* Never NULL unless memory is exhausted. Without a host the session is silent: every question is answered "no advice".
 */
DH_ADVISOR_API dh_advisor_session* dh_advisor_open(const dh_advisor_options* options, const dh_advisor_plan* plan);
DH_ADVISOR_API dh_advisor_session* dh_advisor_open_with(const dh_advisor_session_options* options,
                                                        const dh_advisor_plan* plan);
DH_ADVISOR_API void dh_advisor_close(dh_advisor_session* session);

DH_ADVISOR_API int dh_advisor_is_live(const dh_advisor_session* session);
/* Why the session is silent, as a sentence; empty while it is well. Valid until the next call on the session. */
DH_ADVISOR_API const char* dh_advisor_status(const dh_advisor_session* session);
/* The same as a number, enum dh_advisor_status_number, and the stable name of such a number. */
DH_ADVISOR_API int dh_advisor_status_code(const dh_advisor_session* session);
DH_ADVISOR_API const char* dh_advisor_status_name(int status_code);

/* Empty until accepted. Valid until the session is closed. */
DH_ADVISOR_API const char* dh_advisor_session_id(const dh_advisor_session* session);
/* Of the host's configuration; 0 until accepted. */
DH_ADVISOR_API uint32_t dh_advisor_configuration_generation(const dh_advisor_session* session);
DH_ADVISOR_API size_t dh_advisor_binding_count(const dh_advisor_session* session);
/* 0 = there is no such binding. */
DH_ADVISOR_API int dh_advisor_get_binding(const dh_advisor_session* session, size_t index, dh_advisor_binding* binding);

/* Whether the host wants a tensor with this iteration; at the start: with geometry and level starts. Turns to 0 once
   all roles that want it have ended, so ask again before each message. */
DH_ADVISOR_API int dh_advisor_wants(const dh_advisor_session* session, int tensor_kind, uint32_t iteration);
DH_ADVISOR_API int dh_advisor_wants_at_start(const dh_advisor_session* session, int tensor_kind);
/* Whether a plugin serves the role, and whether it has said that it has nothing for this plan. */
DH_ADVISOR_API int dh_advisor_is_served(const dh_advisor_session* session, int role);
DH_ADVISOR_API int dh_advisor_has_declined(const dh_advisor_session* session, int role);
/* Whether no value of the role will come any more: its plugin has declined, or the host has switched it off. */
DH_ADVISOR_API int dh_advisor_has_ended(const dh_advisor_session* session, int role);

/* Before geometry. Returns an enum dh_advisor_status_number. */
DH_ADVISOR_API int dh_advisor_send_volume(dh_advisor_session* session, const dh_advisor_volume* volume);

DH_ADVISOR_API void dh_advisor_ask_geometry(dh_advisor_session* session, const dh_advisor_geometry* geometry,
                                            dh_advisor_geometry_advice* advice);
DH_ADVISOR_API void dh_advisor_ask_level(dh_advisor_session* session, const dh_advisor_level_start* start,
                                         dh_advisor_level_advice* advice);
DH_ADVISOR_API void dh_advisor_ask_iteration(dh_advisor_session* session, const dh_advisor_iteration* iteration,
                                             size_t beamlet_count, dh_advisor_iteration_advice* advice);
/* `dh_advisor_ask_iteration` in two: an optimizer that computes its next iteration in between need not wait. Stop
 * advice does not come too late by that, direction advice does. Tensors are copied. Whatever is asked or told next
 * drops an answer that nobody took. A direction of another length than `beamlet_count` is reported as such. */
DH_ADVISOR_API void dh_advisor_post_iteration(dh_advisor_session* session, const dh_advisor_iteration* iteration);
DH_ADVISOR_API void dh_advisor_take_iteration(dh_advisor_session* session, size_t beamlet_count,
                                              dh_advisor_iteration_advice* advice);
/* Of the iteration's answer taken last: why it advises to stop (empty without advice; valid until the next is taken),
 * and the variance it advises, copied into `beamlet_count` doubles; 0 = none, or of another length. */
DH_ADVISOR_API const char* dh_advisor_stop_explanation(const dh_advisor_session* session);
DH_ADVISOR_API int dh_advisor_iteration_variance(const dh_advisor_session* session, size_t beamlet_count,
                                                 double* variance_gy2);

/* Role and verdict as enum dh_advisor_role, enum dh_advisor_verdict. */
DH_ADVISOR_API void dh_advisor_report(dh_advisor_session* session, int role, int verdict, uint32_t level,
                                      int64_t iteration_or_negative);

DH_ADVISOR_API void dh_advisor_end_level(dh_advisor_session* session, const dh_advisor_level_end* end);
/* Returns an enum dh_advisor_status_number; other than OK when the host may not have booked the plan as finished. */
DH_ADVISOR_API int dh_advisor_finish_plan(dh_advisor_session* session, const dh_advisor_plan_finish* finish);

/* The same without what the plan cost: experiments count such a plan as one that cost nothing. Prefer the above. */
DH_ADVISOR_API void dh_advisor_tell_level_end(dh_advisor_session* session, uint32_t level, uint32_t stage,
                                              int stop_reason, uint32_t iterations, double objective);
DH_ADVISOR_API void dh_advisor_finish(dh_advisor_session* session, int stop_reason, uint32_t iterations,
                                      double reference_objective);

DH_ADVISOR_API void dh_advisor_get_counters(const dh_advisor_session* session, dh_advisor_counters* counters);
/* Zero for a role that does not exist. */
DH_ADVISOR_API void dh_advisor_get_role_counters(const dh_advisor_session* session, int role,
                                                 dh_advisor_role_counters* counters);

/* Stable lower-case names of the numbers of c_numbers.h, such as "early-stopping"; "unknown" for others. */
DH_ADVISOR_API const char* dh_advisor_role_name(int role);
DH_ADVISOR_API const char* dh_advisor_verdict_name(int verdict);
DH_ADVISOR_API const char* dh_advisor_outcome_name(int outcome);
DH_ADVISOR_API const char* dh_advisor_stop_reason_name(int stop_reason);

#ifdef __cplusplus
}
#endif

#endif
