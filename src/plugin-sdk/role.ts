/** The six things an optimizer can ask advice about, in the order of the wire contract. */
export const ROLES = [
  'initialization',
  'histogram-sigma',
  'pyramid-sigma',
  'adaptive-variance',
  'step-direction',
  'early-stopping',
] as const;

/** One of the six roles. At most one plugin serves a role in a session. */
export type Role = (typeof ROLES)[number];
