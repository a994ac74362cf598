/** Files of config/profiles, which come with the host. */
export const PROFILES = ['dh', 'dh-reference', 'lbfgs'] as const;

export type Profile = (typeof PROFILES)[number];
