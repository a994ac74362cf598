import type { Beam, Level, PlanView, Structure } from '../../plugin-sdk/index.js';
import { cutText } from '../cut-text.js';
import { HostError } from '../errors/host-error.js';
import type { ServerConfig } from '../host-config.js';
import { type PlanOpening, PROTOCOL } from './plan-opening.js';

type Limits = Pick<ServerConfig, 'maxBeamlets' | 'maxStructures' | 'failedSelfChecks'>;

/** Far beyond any plan; bounded, because all of it is kept as long as the session. */
const LONGEST_TEXT = 256;
/** What operators see a plan under. */
const LONGEST_LABEL = 64;
/** Would act on a terminal, or turn the direction of a line. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const MOST_BEAMS = 1000;
const MOST_LEVELS = 16;
const MOST_POINTS = 1000;

function refuse(field: string, problem: string): never {
  throw new HostError('invalid-field', { field: `start.${field}`, problem });
}

function requireShort(text: string, field: string, longest = LONGEST_TEXT): void {
  if (text.length <= longest) return;
  refuse(field, `has ${text.length} characters, but at most ${longest} are kept`);
}

function requireFew(list: readonly unknown[], most: number, field: string): void {
  if (list.length > most)
    refuse(field, `has ${list.length} entries, but at most ${most} are taken`);
}

function requirePositive(value: number, field: string): void {
  if (!(value > 0 && Number.isFinite(value))) refuse(field, `is ${value}, but must be above 0`);
}

function requireNotNegative(value: number, field: string): void {
  if (!(value >= 0 && Number.isFinite(value))) refuse(field, `is ${value}, but must be at least 0`);
}

/** Checks an opening against the contract and the host's limits. @throws HostError */
export function validateOpening(opening: PlanOpening, limits: Limits): void {
  if (opening.protocol.major !== PROTOCOL.major) {
    throw new HostError('protocol-major', {
      client: `${opening.protocol.major}.${opening.protocol.minor}`,
      host: `${PROTOCOL.major}.${PROTOCOL.minor}`,
    });
  }
  if (opening.planKey === '') refuse('plan_key', 'is empty, but must name the plan');
  for (const [field, text] of [
    ['client', opening.client],
    ['plan_key', opening.planKey],
    ['patient_key', opening.patientKey],
    ['solver_name', opening.plan.solverName ?? ''],
  ] as const) {
    requireShort(text, field);
  }
  requireShort(opening.label, 'label', LONGEST_LABEL);
  if (CONTROL.test(opening.label))
    refuse('label', 'has a control character, but is one line of text');
  const [failed] = opening.failedSelfChecks;
  if (failed !== undefined && limits.failedSelfChecks === 'refuse') {
    throw new HostError('self-check-failed', { ...failed });
  }
  validatePlan(opening.plan, limits);
}

function validatePlan(plan: PlanView, limits: Limits): void {
  requirePositive(plan.weightCeiling, 'weight_ceiling');
  requirePositive(plan.weightSteepness, 'weight_steepness');
  requireFew(plan.levels, MOST_LEVELS, 'levels');
  if (plan.levels.length === 0) refuse('levels', 'is empty, but a plan has at least one level');
  if (plan.structures.length > limits.maxStructures) {
    throw new HostError('limit-exceeded', {
      what: 'The number of structures',
      actual: plan.structures.length,
      limit: limits.maxStructures,
      key: 'server.max_structures',
    });
  }
  plan.levels.forEach((level, index) => {
    validateLevel(level, index, limits);
  });
  validateBeams(plan.beams, plan.levels[0]?.beamletCount ?? 0);
  const names = new Set<string>();
  for (const [index, structure] of plan.structures.entries()) {
    validateStructure(structure, index);
    if (names.has(structure.name)) {
      refuse(
        `structures[${index}].name`,
        `repeats "${cutText(structure.name)}", but names are unique`,
      );
    }
    names.add(structure.name);
  }
}

/** Vectors have one row a cell of the beams' grids, so that the two numbers are one. Some clients name no beams. */
function validateBeams(beams: readonly Beam[], beamletCount: number): void {
  requireFew(beams, MOST_BEAMS, 'beams');
  if (beams.length === 0) return;
  let cells = 0;
  for (const [index, { columns, rows, ...angles }] of beams.entries()) {
    const at = `beams[${index}]`;
    if (columns === 0 || rows === 0)
      refuse(at, `has ${columns} columns and ${rows} rows of beamlets`);
    for (const [field, value] of Object.entries(angles)) {
      if (!Number.isFinite(value)) refuse(`${at}.${field}`, `is ${value}, but must be finite`);
    }
    cells += columns * rows;
  }
  if (cells === beamletCount) return;
  refuse('beams', `have ${cells} beamlets together, but level 0 has ${beamletCount}`);
}

function validateLevel(level: Level, index: number, limits: Limits): void {
  const at = `levels[${index}]`;
  if (level.level !== index) {
    refuse(`${at}.level`, `is ${level.level}, but levels are listed from 0, the finest`);
  }
  if (level.beamletCount === 0) refuse(`${at}.beamlet_count`, 'is 0, but a level has beamlets');
  if (level.beamletCount > limits.maxBeamlets) {
    throw new HostError('limit-exceeded', {
      what: `The number of beamlets of level ${index}`,
      actual: level.beamletCount,
      limit: limits.maxBeamlets,
      key: 'server.max_beamlets',
    });
  }
  requirePositive(level.histogramSigmaGy, `${at}.histogram_sigma_gy`);
  requireNotNegative(level.varianceLowerGy2, `${at}.variance_lower_gy2`);
  if (!(level.varianceUpperGy2 >= level.varianceLowerGy2)) {
    refuse(`${at}.variance_upper_gy2`, 'is under variance_lower_gy2');
  }
  requireNotNegative(level.tolerance, `${at}.tolerance`);
}

function validateStructure(structure: Structure, index: number): void {
  const at = `structures[${index}]`;
  if (structure.name === '') refuse(`${at}.name`, 'is empty');
  requireShort(structure.name, `${at}.name`);
  requireShort(structure.tg263Name, `${at}.tg263_name`);
  requireFew(structure.prescription, MOST_POINTS, `${at}.prescription`);
  requireNotNegative(structure.volumeCc, `${at}.volume_cc`);
  requireNotNegative(structure.objectiveWeight, `${at}.objective_weight`);
  if (structure.prescribedDoseGy !== undefined) {
    requirePositive(structure.prescribedDoseGy, `${at}.prescribed_dose_gy`);
  }
  let previousGy = 0;
  for (const [k, point] of structure.prescription.entries()) {
    const where = `${at}.prescription[${k}]`;
    requireNotNegative(point.doseGy, `${where}.dose_gy`);
    if (point.doseGy < previousGy) refuse(`${where}.dose_gy`, 'is lower than the one before it');
    if (!(point.volumeFraction >= 0 && point.volumeFraction <= 1)) {
      refuse(`${where}.volume_fraction`, `is ${point.volumeFraction}, but must lie in [0, 1]`);
    }
    previousGy = point.doseGy;
  }
}
