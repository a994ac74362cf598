import type { ArmAction, EffectPoint } from '../../domain/experiments/experiment-report.js';

/** An experiment of the database, ended ones included. */
export interface ExperimentEntry {
  readonly id: string;
  /** Of the ramp, or `ended`. */
  readonly state: string;
  /** Why it stands there. */
  readonly reason: string;
  readonly unit: string;
  readonly control: string;
  readonly arms: readonly { readonly id: string; readonly weight: number }[];
  readonly primary: { readonly name: string; readonly direction: string };
  readonly changedAtMs: number;
}

/** All experiments as of a moment. */
export interface ExperimentList {
  readonly atMs: number;
  readonly experiments: readonly ExperimentEntry[];
}

/** A table in words. */
export interface PanelTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** An effect over the plans, to be drawn. */
export interface SequencePanel {
  /** Question, metric and arm. */
  readonly title: string;
  /** The effect as of now. */
  readonly caption: string;
  readonly isRatio: boolean;
  /** Looks that have an interval, by plans. */
  readonly points: readonly (EffectPoint & { readonly low: number; readonly high: number })[];
  /** The value that means no effect. */
  readonly none: number;
  /** The value at which a margin is reached; null without one. */
  readonly margin: number | null;
}

export interface PanelAction {
  readonly kind: ArmAction['kind'];
  /** Null: all arms. */
  readonly arm: string | null;
  readonly reason: string;
}

/** One experiment as of an analysis. */
export interface ExperimentPanel {
  readonly atMs: number;
  readonly entry: ExperimentEntry;
  readonly decision: PanelAction;
  readonly armDecisions: readonly PanelAction[];
  readonly tables: readonly PanelTable[];
  readonly sequences: readonly SequencePanel[];
  readonly notes: readonly string[];
}
