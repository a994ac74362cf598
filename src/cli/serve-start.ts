import Table from 'cli-table3';
import type { RunningHost } from '../composition/running-host.js';
import { servedName } from '../domain/advice/advice.js';
import { plainTable } from './plain-table.js';

export interface ServeStart {
  readonly host: Pick<
    RunningHost,
    'address' | 'operatorAddress' | 'version' | 'roles' | 'plugins' | 'stopped'
  >;
  readonly page: string;
  readonly file: string;
  readonly generation: number;
  readonly drainMs: number;
}

/** What a person wants to know when a host has started: where it is, what advises, what is off and why. */
export function serveStartText(start: ServeStart): string {
  const { host, page, file, generation, drainMs } = start;
  const addresses = new Table({ ...plainTable });
  addresses.push(
    ['optimizers call', host.address],
    ['operators', `${host.operatorAddress}   dh-advisor status --host ${host.operatorAddress}`],
    ['page', page],
  );
  const roles = new Table({
    head: ['role', 'served by', 'model', 'answers within'],
    ...plainTable,
  });
  for (const { binding, isHealthy } of host.roles) {
    const { plugin, pluginVersion, model, deadlineMs } = binding;
    if (plugin !== '') {
      roles.push([servedName(binding), `${plugin} ${pluginVersion}`, model, `${deadlineMs} ms`]);
    } else {
      const why = isHealthy ? 'off, as configured' : 'off: its plugin was refused, see above';
      roles.push([servedName(binding), why, '', '']);
    }
  }
  const refused = host.plugins
    .filter(({ state }) => state === 'refused')
    .map(({ id, reason }) => `refused: ${id}: ${reason}`);
  const { stopped } = host;
  const stop =
    stopped === undefined
      ? []
      : [`ADVICE IS STOPPED by ${stopped.who}: ${stopped.why}. \`dh-advisor resume-advice\``];
  return [
    `dh-advisor ${host.version} serves. ${file}, generation ${generation}. Research software.`,
    addresses.toString(),
    roles.toString(),
    ...refused,
    ...stop,
    `Ctrl-C ends it; open plans then have ${Math.round(drainMs / 1000)} s to finish. Live plans: dh-advisor top --page ${page}`,
  ].join('\n');
}
