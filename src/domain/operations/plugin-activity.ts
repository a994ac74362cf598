/** Told which plugin's code the serving thread is in, for whoever watches the thread from outside. Costs nothing worth counting. */
export interface PluginActivity {
  enter(plugin: string): void;
  leave(): void;
}

/** Where nobody watches. */
export const UNWATCHED: PluginActivity = { enter: () => undefined, leave: () => undefined };
