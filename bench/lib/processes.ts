// What the kernel says a process has used.
import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Processor time since its start, of all its threads. */
export function cpuSeconds(pid: number): number {
  // The name, which may hold anything, is before the last bracket.
  const [, ...fields] =
    readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[10]) + Number(fields[11])) / TICKS_PER_SECOND;
}

/** Memory that it holds now, in MiB. */
export function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
