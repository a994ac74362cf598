import { HostError } from '../../domain/errors/host-error.js';

/** 0 when absent. @throws HostError `invalid-field` when it is NaN or infinite */
export function finite(value: number | undefined, field: string): number {
  if (value === undefined) return 0;
  if (Number.isFinite(value)) return value;
  throw new HostError('invalid-field', { field, problem: `is ${value}, but must be finite` });
}
