import { ContainerModule } from 'inversify';
import { HostError } from '../domain/host-error.js';
import { tokens } from './tokens.js';

/** Until operations are merged: a host whose configuration cannot be changed. */
export const interimModule = new ContainerModule(({ bind }) => {
  const refuse = () => Promise.reject(new HostError('internal', { incident: 'no-operations' }));
  bind(tokens.configControl).toConstantValue({
    change: refuse,
    generations: () => [],
    refusals: () => [],
    textOf: () => undefined,
    onChange: () => undefined,
  });
  bind(tokens.adviceSwitch).toConstantValue({
    stopped: undefined,
    stop: refuse,
    resume: refuse,
    onChange: () => undefined,
  });
});
