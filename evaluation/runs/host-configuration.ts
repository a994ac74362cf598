import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { type Arm, ROLES } from '../arms/arms.js';
import { HOST } from '../programs.js';
import type { Pass } from './run-record.js';

interface RoleEntry {
  readonly plugin: string;
  readonly settings?: unknown;
  readonly deadline_ms?: number;
  readonly qualities?: readonly string[];
  readonly by_solver?: Readonly<Partial<Record<Arm['solver'], Partial<RoleEntry>>>>;
}

type Document = Record<string, unknown> & {
  roles?: Record<string, RoleEntry>;
  plugins?: { directories?: string[]; packages?: string[] };
  models?: { directory?: string };
};

/** What the optimizer says of a plan: as told, else its solver's own (docs/adr/0027). */
function qualityOf({ options, solver }: Arm): string {
  const told = options
    .find((option) => option.startsWith('--quality='))
    ?.slice('--quality='.length);
  if (told !== undefined) return told;
  return options.includes('--no-safeguard') || solver === 'dh' ? 'fast' : 'balanced';
}

// The counting pass is about what was answered, not how fast: a busy machine must not make an answer late.
export const PATIENT_MS = 10_000;

/** The configurations of the arms' hosts: the given one, with the arm's own roles and free ports. */
export class HostConfigurations {
  readonly #base: Document;
  readonly #folder: string;

  constructor(baseFile: string, folder: string) {
    this.#base = parse(readFileSync(baseFile, 'utf8')) as Document;
    // The written file lies elsewhere, and directories are relative to their file.
    const plugins = this.#base.plugins ?? {};
    const directories = (plugins.directories ?? []).map((path) => resolve(dirname(baseFile), path));
    this.#base.plugins = { ...plugins, directories };
    const { models } = this.#base;
    if (models?.directory) {
      this.#base.models = { ...models, directory: resolve(dirname(baseFile), models.directory) };
    }
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** The plugins that a session of the arm must be given, by role. Empty: the arm needs no host. */
  pluginsOf(arm: Arm): ReadonlyMap<string, string> {
    const roles = arm.roles === 'as-configured' ? (this.#base.roles ?? {}) : arm.roles;
    const quality = qualityOf(arm);
    const chosen = Object.entries(roles as Record<string, RoleEntry>).flatMap(([role, entry]) => {
      const own = entry.by_solver?.[arm.solver];
      const plugin = entry.plugin === 'off' ? 'off' : (own?.plugin ?? entry.plugin);
      const qualities = own?.qualities ?? entry.qualities;
      const isServed = plugin !== 'off' && (qualities?.includes(quality) ?? true);
      return isServed ? [[role, plugin] as const] : [];
    });
    return new Map(chosen);
  }

  /** Where the hosts find their models. */
  get modelsDirectory(): string {
    return this.#base.models?.directory ?? 'models';
  }

  /** Writes the arm's configuration of a pass; returns its path. */
  write(arm: Arm, pass: Pass): string {
    const file = `${this.#folder}/${arm.name}-${pass}.yaml`;
    const text = this.text(arm, pass);
    // A host may be watching the file; what is the same must not look new.
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
    return file;
  }

  text(arm: Arm, pass: Pass): string {
    const { optimization, ...rest } = this.#base;
    const uses = { use_warm_start: true, use_predicted_sigma: true, use_predicted_variance: true };
    return stringify({
      ...rest,
      // Switches that turn roles off would make another arm of one that names its roles.
      optimization:
        arm.roles === 'as-configured' ? optimization : { ...(optimization as object), ...uses },
      server: { ...(rest['server'] as object), address: '127.0.0.1:0' },
      operator: { address: '127.0.0.1:0' },
      http: { address: '127.0.0.1:0' },
      logging: { level: 'warn' },
      roles: Object.fromEntries(ROLES.map((role) => [role, this.#entryOf(arm, role, pass)])),
    });
  }

  #entryOf(arm: Arm, role: (typeof ROLES)[number], pass: Pass): RoleEntry {
    const configured = this.#base.roles?.[role];
    const chosen = arm.roles === 'as-configured' ? configured : arm.roles[role];
    if (chosen === undefined || chosen.plugin === 'off') return { plugin: 'off' };
    if (pass === 'counts') return { ...chosen, deadline_ms: PATIENT_MS };
    const deadline = configured?.deadline_ms;
    return deadline === undefined ? chosen : { ...chosen, deadline_ms: deadline };
  }
}

/** Why a host would not serve this configuration with all its plugins; undefined when it would. */
export async function refusalOf(configFile: string): Promise<string | undefined> {
  const { exitCode, stdout, stderr } = await execa('node', [HOST, 'config', 'check', configFile], {
    reject: false,
  });
  if (exitCode === 0) return undefined;
  // The written file is the evaluation's own; its place says nothing to a reader.
  const said = `${stdout}\n${stderr}`
    .replaceAll(`${configFile}:`, 'line ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return said.join('; ') || `dh-advisor config check ended with ${exitCode}`;
}
