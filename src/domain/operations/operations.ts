import type { Role } from '../../plugin-sdk/index.js';

/** Who asked for a change, and why. Both end up in the audit log; neither may be empty. */
export interface ChangeOrigin {
  /** As the operator calls himself, such as a login. */
  readonly who: string;
  readonly why: string;
  /** How it came: a command, the web page, an edit of the file, or an experiment that promoted an arm. */
  readonly via: 'command' | 'page' | 'file' | 'experiment';
}

/** One thing an operator may want different. Takes effect for plans that open afterwards. */
export type ConfigChange =
  /** Switches a role back on, with the plugin and settings it last had. */
  | { readonly kind: 'enable'; readonly role: Role }
  | { readonly kind: 'disable'; readonly role: Role }
  | {
      readonly kind: 'use';
      readonly role: Role;
      readonly plugin: string;
      /** The plugin's own version; undefined takes the one that is installed. */
      readonly pluginVersion: string | undefined;
      /** Value of the plugin's setting `model`, such as `warm-start@2`; undefined leaves it as it is. */
      readonly model: string | undefined;
    }
  | {
      readonly kind: 'label';
      readonly model: string;
      readonly label: string;
      /** Must become READY, or the change is refused. */
      readonly version: string;
    }
  /** Reads the file again, edited or not; plugins and models are found anew. */
  | { readonly kind: 'reload' }
  /** Goes back to what an earlier generation said; undefined = the one before the current. A new generation all the same. */
  | { readonly kind: 'rollback'; readonly generation: number | undefined };

export interface ChangeRequest {
  readonly change: ConfigChange;
  readonly origin: ChangeOrigin;
  /** Checked up to the point of swapping, and not made. */
  readonly isDryRun: boolean;
  /** The generation the operator looked at; another current one refuses the change. Undefined = whichever is current. */
  readonly expectedGeneration: number | undefined;
}

/** A setting that differs. `undefined` = not there. Path such as `roles.early-stopping.plugin`. */
export interface SettingDifference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** A change that was made, or with a dry run would be. */
export interface ChangeReport {
  /** The generation that is current afterwards. */
  readonly generation: number;
  /** False with a dry run, and when nothing differs. */
  readonly isApplied: boolean;
  readonly differences: readonly SettingDifference[];
  /** Differences that need a restart, such as addresses: written, not in force. */
  readonly needsRestart: readonly string[];
}

/** A configuration as it stood. Generations are counted over the life of the file, restarts included. */
export interface GenerationRecord extends ChangeOrigin {
  readonly generation: number;
  readonly atMs: number;
  /** The change in words, such as `disable early-stopping`. */
  readonly what: string;
  readonly differences: readonly SettingDifference[];
}

/** A change that was refused. The generation before it stays in force. */
export interface RefusedChange extends ChangeOrigin {
  readonly atMs: number;
  readonly what: string;
  readonly code: string;
  /** Every fault with file, line and path. */
  readonly problem: string;
}

/** Changes the configuration of a running host; one change at a time. */
export interface ConfigControl {
  /** @throws HostError when the change is refused; nothing has changed then. */
  change(request: ChangeRequest): Promise<ChangeReport>;
  /** Newest first. */
  generations(): readonly GenerationRecord[];
  /** The newest refusals, newest first; bounded. */
  refusals(): readonly RefusedChange[];
  /** The text of a generation, comments included; undefined when it is not kept. */
  textOf(generation: number): string | undefined;
  /**
   * What one generation means differently from another, defaults filled in.
   * @throws HostError `generation-unknown`, or `config-invalid` when this version of the host does not understand a text any more.
   */
  differences(from: number, to: number): readonly SettingDifference[];
  onChange(listener: () => void): void;
}

/** Whether advice is stopped for all plans, open ones included. */
export interface AdviceStop extends ChangeOrigin {
  readonly sinceMs: number;
}

/**
 * The kill switch. Stopping takes effect at the next question of every open plan: each role answers DISABLED with the reason
 * `stopped-by-operator`, and the optimizer goes on with its defaults. It outlives a restart. Plans that were open stay without
 * advice when it is resumed: what a plugin would say would rest on a history with a hole in it.
 */
export interface KillSwitchControl {
  readonly stopped: AdviceStop | undefined;
  /** In force when it returns; rejects when it could not be written down, in force all the same. */
  stop(origin: ChangeOrigin): Promise<void>;
  resume(origin: ChangeOrigin): Promise<void>;
  /**
   * Says afterwards who stopped advice and why, for a stop that was in a hurry; it stays as old as it is.
   * @throws HostError `advice-not-stopped`
   */
  explain(origin: ChangeOrigin): Promise<void>;
  onChange(listener: () => void): void;
}

/** Where the kill switch is written down, so that it outlives a restart. */
export interface StopStore {
  load(): AdviceStop | undefined;
  /** `origin`: who changed it. @throws HostError `stop-not-kept`, `stop-not-logged` */
  save(stopped: AdviceStop | undefined, origin: ChangeOrigin): Promise<void>;
}

/** Who made a change, as far as a token or a certificate has shown it; what the caller says of itself stays beside it. */
export function provenOrigin(origin: ChangeOrigin, name: string | undefined): ChangeOrigin {
  if (name === undefined || name === origin.who) return origin;
  return { ...origin, who: `${name} (says ${origin.who})` };
}
