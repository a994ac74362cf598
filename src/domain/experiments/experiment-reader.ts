/** Looks at experiments for people. Whoever serves the page hands on what it gives: `src/experiments/report/panel.ts` has the form. */
export interface ExperimentReader {
  /** @throws HostError `experiment-store` */
  list(): Promise<object>;
  /** @throws HostError `experiment-store`, `experiment-unknown` */
  panel(id: string): Promise<object>;
}
