import { Counter, Gauge, type Registry } from 'prom-client';
import type { PluginProcesses } from '../../domain/operations/plugin-processes.js';

/** Figures of plugins that run in processes of their own, read whenever somebody scrapes. */
export function watchPluginProcesses(registry: Registry, source: PluginProcesses): void {
  const registers = [registry];
  const labelNames = ['plugin'];
  new Gauge({
    name: 'dh_advisor_plugin_processes',
    help: 'Processes of a plugin that answer.',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { plugin, isRunning } of source.processes()) {
        this.inc({ plugin }, isRunning ? 1 : 0);
      }
    },
  });
  new Counter({
    name: 'dh_advisor_plugin_process_restarts_total',
    help: 'Times that a process of a plugin has ended and was started again.',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { plugin, restarts } of source.processes()) this.inc({ plugin }, restarts);
    },
  });
}
