import { cutText } from '../../domain/cut-text.js';
import { HostError } from '../../domain/errors/host-error.js';
import type { PlanOpening } from '../../domain/session/plan-opening.js';
import { AdviceMode } from '../../generated/dh/advisor/v1/AdviceMode.js';
import type { Beam as WireBeam } from '../../generated/dh/advisor/v1/Beam.js';
import type { LevelPlan } from '../../generated/dh/advisor/v1/LevelPlan.js';
import type { PlanStart } from '../../generated/dh/advisor/v1/PlanStart.js';
import { SelfCheckOutcome } from '../../generated/dh/advisor/v1/SelfCheckOutcome.js';
import type { Structure as WireStructure } from '../../generated/dh/advisor/v1/Structure.js';
import { StructureRole } from '../../generated/dh/advisor/v1/StructureRole.js';
import type { Beam, Level, Structure } from '../../plugin-sdk/index.js';
import { qualityWord, roleWord, solverWord, tensorKindWord } from './wire-names.js';

/** Only the first refuses a plan; where they are let pass, this many are told. */
const MOST_SELF_CHECKS = 16;

/** Known words of a list of numbers; unknown ones come from a newer client. */
function words<Word>(
  numbers: readonly number[] | undefined,
  names: ReadonlyMap<number, Word>,
): readonly Word[] {
  // Once each, however often a client says it.
  return [...new Set(numbers ?? [])].flatMap((n) => names.get(n) ?? []);
}

function structureRole(wire: WireStructure, index: number): Structure['role'] {
  switch (wire.role) {
    case StructureRole.STRUCTURE_ROLE_TARGET:
      return 'target';
    case StructureRole.STRUCTURE_ROLE_ORGAN_AT_RISK:
      return 'organ-at-risk';
    case StructureRole.STRUCTURE_ROLE_NORMAL_TISSUE:
      return 'normal-tissue';
    default: {
      const field = `start.structures[${index}].role`;
      throw new HostError('invalid-field', { field, problem: 'is missing or unknown' });
    }
  }
}

function decodeStructure(wire: WireStructure, index: number): Structure {
  return {
    name: wire.name ?? '',
    tg263Name: wire.tg263Name ?? '',
    role: structureRole(wire, index),
    volumeCc: wire.volumeCc ?? 0,
    voxelCount: wire.voxelCount ?? 0,
    objectiveWeight: wire.objectiveWeight ?? 0,
    prescription: (wire.prescription ?? []).map((point) => ({
      doseGy: point.doseGy ?? 0,
      volumeFraction: point.volumeFraction ?? 0,
    })),
    prescribedDoseGy: wire.prescribedDoseGy,
    bit: wire.bit ?? 0,
  };
}

function decodeBeam(wire: WireBeam): Beam {
  return {
    gantryDeg: wire.gantryDeg ?? 0,
    couchDeg: wire.couchDeg ?? 0,
    columns: wire.columns ?? 0,
    rows: wire.rows ?? 0,
    columnWidthMm: wire.columnWidthMm ?? 0,
    rowHeightMm: wire.rowHeightMm ?? 0,
  };
}

function decodeLevel(wire: LevelPlan): Level {
  return {
    level: wire.level ?? 0,
    beamletCount: wire.beamletCount ?? 0,
    histogramSigmaGy: wire.histogramSigmaGy ?? 0,
    varianceLowerGy2: wire.varianceLowerGy2 ?? 0,
    varianceUpperGy2: wire.varianceUpperGy2 ?? 0,
    iterationLimit: wire.iterationLimit ?? 0,
    tolerance: wire.tolerance ?? 0,
  };
}

/** The opening in the project's own words. Its values are checked by the domain. */
export function decodeStart(wire: PlanStart, traceParent = ''): PlanOpening {
  const solver = solverWord.get(wire.solver ?? 0);
  if (solver === undefined) {
    throw new HostError('invalid-field', {
      field: 'start.solver',
      problem: 'is missing or unknown',
    });
  }
  if (solver === 'other' && !wire.solverName) {
    throw new HostError('invalid-field', {
      field: 'start.solver_name',
      problem: 'is empty, but a solver that is neither dH nor L-BFGS has a name',
    });
  }
  return {
    protocol: { major: wire.protocol?.major ?? 0, minor: wire.protocol?.minor ?? 0 },
    client: wire.client ?? '',
    planKey: wire.planKey ?? '',
    patientKey: wire.patientKey ?? '',
    label: wire.label ?? '',
    // As the contract says for clients that say nothing, and for what a newer one says.
    adviceMode: wire.adviceMode === AdviceMode.ADVICE_MODE_SHADOW ? 'shadow' : 'advise',
    mayRecord: wire.mayRecord ?? false,
    // What is longer than any token is none; so much of it says so.
    resumeToken: (wire.resumeToken ?? Buffer.alloc(0)).subarray(0, 64).toString('hex'),
    traceParent,
    failedSelfChecks: (wire.selfChecks ?? [])
      .filter(({ outcome }) => outcome === SelfCheckOutcome.SELF_CHECK_OUTCOME_FAILED)
      .slice(0, MOST_SELF_CHECKS)
      .map(({ field, finding }) => ({
        field: cutText(field || 'a field that it did not name'),
        finding: cutText(finding || 'it did not say why'),
      })),
    plan: {
      solver,
      solverName: wire.solverName ?? '',
      quality: qualityWord.get(wire.quality ?? 0) ?? 'balanced',
      structures: (wire.structures ?? []).map(decodeStructure),
      beams: (wire.beams ?? []).map(decodeBeam),
      weightCeiling: wire.weightCeiling ?? 0,
      weightSteepness: wire.weightSteepness ?? 0,
      levels: (wire.levels ?? []).map(decodeLevel),
      accepts: words(wire.accepts, roleWord),
      offers: words(wire.offers, tensorKindWord),
    },
  };
}
