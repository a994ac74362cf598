/** How many shadow arms each host has. */
export const KINDS = { none: 0, one: 1, three: 3 } as const;
export type Kind = keyof typeof KINDS;

const SHADOWS = [
  '{ id: stopping, roles: { early-stopping: { plugin: convergence, settings: { tolerance: 0.01 } } } }',
  '{ id: starts, roles: { initialization: { plugin: warm-start } } }',
  '{ id: both, roles: { initialization: { plugin: warm-start }, early-stopping: { plugin: convergence } } }',
];

export function configuration(kind: Kind, maxWaitShare: number): string {
  return `version: 1
server: { address: '127.0.0.1:0', max_sessions: 128, max_sessions_per_client: 128 }
operator: { address: '127.0.0.1:0' }
http: { address: '127.0.0.1:0' }
shadows: { max_wait_share: ${maxWaitShare} }
models: { inline_below_ms: 5 }   # on a busy machine the trial may measure more than the model takes
roles:
  initialization: { plugin: uniform, deadline_ms: 1000 }
  early-stopping: { plugin: convergence, deadline_ms: 1000 }
experiments:
  - id: shadowed
    unit: plan
    arms:
      - { id: shipped, weight: 1 }
      - { id: same, weight: 1, roles: { initialization: { plugin: uniform } } }
    control: shipped
    primary: { metric: iterations }
    shadow_arms: [${SHADOWS.slice(0, KINDS[kind]).join(', ')}]
`;
}
