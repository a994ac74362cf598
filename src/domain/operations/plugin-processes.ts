/** Plugins that run in processes of their own. */
export interface PluginProcesses {
  processes(): readonly PluginProcessState[];
}

/** A plugin that runs in a process of its own, as it stands at this moment. */
export interface PluginProcessState {
  readonly plugin: string;
  /** False while it has ended and is not back yet. */
  readonly isRunning: boolean;
  /** Undefined unless it runs. */
  readonly pid: number | undefined;
  /** Times that it was started again since the plugin was. */
  readonly restarts: number;
  /** Why it ended last; empty when it never did. */
  readonly lastProblem: string;
}
