// Every role: off, classical, and a third party's plugin, by YAML alone; seen in the accepted message (which the
// optimizer writes into its result), the log and the metrics.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase } from '../support/rtmodel.js';

const ROLES = [
  { role: 'initialization', classical: 'uniform', thirdParty: 'constant-start' },
  { role: 'histogram-sigma', classical: 'structure-rules', thirdParty: 'constant-sigma' },
  { role: 'pyramid-sigma', classical: 'fixed-schedule', thirdParty: 'finest-only' },
  { role: 'adaptive-variance', classical: 'level-default', thirdParty: 'constant-variance' },
  { role: 'step-direction', classical: 'lbfgs', thirdParty: 'steepest-descent' },
  { role: 'early-stopping', classical: 'plateau', thirdParty: 'objective-floor' },
];

const phantom = new PhantomCase();
beforeAll(() => phantom.create());
afterAll(() => phantom.dispose());

/** Plans under a host whose only served role is `role`, and collects what the three places say. */
async function planWith(role: string, plugin: string) {
  const host = await new HostProcess(`  ${role}: { plugin: ${plugin} }\n`).start();
  try {
    const result = await phantom.optimize([`--advisor=${host.address}`, ...PATIENT_CLIENT]);
    return { result, metrics: await host.metrics(), log: host.log };
  } finally {
    await host.stop();
  }
}

describe.each(ROLES)('$role', ({ role, classical, thirdParty }) => {
  it.each(['off', classical, thirdParty])('is served by %s', async (plugin) => {
    const { result, metrics, log } = await planWith(role, plugin);
    const served = plugin === 'off' ? '' : plugin;
    expect(result.advice.status).toBe('ok');
    expect(result.advice.bindings.find((binding) => binding.role === role)?.plugin).toBe(served);
    expect(result.advice.bindings.filter((binding) => binding.plugin !== '').length).toBe(
      plugin === 'off' ? 0 : 1,
    );
    const opened = log.find(({ msg }) => msg === 'session opened');
    expect(opened?.['roles']).toMatchObject({ [role]: plugin });
    const counted = new RegExp(`dh_advisor_plugin_advice_total\\{[^}]*role="${role}"[^}]*\\}`, 'g');
    const lines = metrics.match(counted) ?? [];
    const outcomes = lines.filter((line) => line.includes(`plugin="${served}"`));
    if (plugin === 'off') expect(lines.every((line) => line.includes('disabled'))).toBe(true);
    else expect(outcomes.length).toBeGreaterThan(0);
  });
});
