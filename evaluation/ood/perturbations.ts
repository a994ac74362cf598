// What a model was not trained on, made from cases it could know.

/** The parts of case.json that a perturbation may change; other keys are kept. */
export interface CaseDescription {
  id: string;
  structures: {
    name: string;
    tg263_name?: string;
    role: 'target' | 'oar' | 'body';
    bit: number;
    prescription_gy?: number;
  }[];
  ct?: { file?: string };
  [key: string]: unknown;
}

export interface Perturbation {
  readonly name: string;
  readonly title: string;
  /** Options of `rtmodel optimize` in place of a change of the case; `{folder}` is where beam files lie. */
  readonly planOptions?: readonly string[];
  /** Changes the description in place. False: the case has nothing to change. */
  readonly describe?: (description: CaseDescription) => boolean;
  /** CT number of a voxel in HU, from its own and a random number in [0, 1). */
  readonly ct?: (hu: number, random: number) => number;
  /** Another site instead of the case. */
  readonly phantom?: string;
}

const scalePrescription = (factor: number) => (description: CaseDescription) => {
  for (const structure of description.structures) {
    if (structure.prescription_gy !== undefined) structure.prescription_gy *= factor;
  }
  return true;
};

function dropOrgans(description: CaseDescription): boolean {
  const kept = description.structures.filter(({ role }) => role !== 'oar');
  if (kept.length === description.structures.length) return false;
  description.structures = kept;
  return true;
}

const SIDES = { Left: 'Right', Right: 'Left' } as const;

/** Left and right organs under one another's names, as when a scan is loaded the wrong way round. */
function swapSides(description: CaseDescription): boolean {
  const bitOf = new Map(description.structures.map(({ name, bit }) => [name, bit] as const));
  let isChanged = false;
  for (const structure of description.structures) {
    const other = structure.name.replace(/Left|Right/, (side) => SIDES[side as 'Left' | 'Right']);
    const bit = bitOf.get(other);
    if (other === structure.name || bit === undefined) continue;
    structure.bit = bit;
    isChanged = true;
  }
  return isChanged;
}

const METAL_HU = 3000;
const METAL_SHARE = 0.2;

/** The name of a case as a perturbation makes it. */
export const perturbedId = (id: string, { name }: { readonly name: string }): string =>
  `${id}~${name}`;

export const PERTURBATIONS: readonly Perturbation[] = [
  { name: 'five-beams', title: 'five beams', planOptions: ['--beams=5'] },
  { name: 'thirteen-beams', title: 'thirteen beams', planOptions: ['--beams=13'] },
  {
    name: 'half-arc',
    title: 'nine beams on one side',
    planOptions: ['--beams={folder}/half-arc.json'],
  },
  { name: 'missing-organs', title: 'no organ at risk outlined', describe: dropOrgans },
  { name: 'swapped-sides', title: 'left and right swapped', describe: swapSides },
  {
    name: 'tenth-dose',
    title: 'a tenth of the prescription',
    describe: scalePrescription(0.1),
  },
  { name: 'tenfold-dose', title: 'ten times the prescription', describe: scalePrescription(10) },
  {
    name: 'corrupted-ct',
    title: 'a fifth of the CT voxels metal',
    ct: (hu, random) => (random < METAL_SHARE ? METAL_HU : hu),
  },
  { name: 'prostate', title: 'prostate phantoms', phantom: 'prostate' },
  { name: 'c-shape', title: 'C-shape phantoms', phantom: 'c-shape' },
];

export const HALF_ARC = {
  beams: Array.from({ length: 9 }, (_, index) => ({ gantry_deg: 20 * index })),
};
