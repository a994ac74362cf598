import { definePlugin, type Structure, type StructureGeometry, z } from '@dh-advisor/plugin-sdk';

const configSchema = z.strictObject({
  /** Structure for which the rules change nothing. */
  reference_volume_cc: z.number().positive().default(30),
  reference_dose_gradient_gy_per_mm: z.number().positive().default(0.5),
  /** How strongly each property acts; 0 switches it off. */
  volume_exponent: z.number().min(0).max(1).default(0.1),
  sphericity_exponent: z.number().min(0).max(1).default(0.1),
  gradient_exponent: z.number().min(0).max(1).default(0.1),
  /** Largest factor by which a sigma leaves the level's default, either way. */
  largest_factor: z.number().min(1).max(4).default(1.25),
});

type Config = z.output<typeof configSchema>;

/**
 * The rules of the seed: a large structure has many voxels in every bin and bears a sharper histogram, so does one with
 * a high dose gradient, whose doses spread over many bins anyway; a ragged one (low sphericity) wants a smoother one.
 */
function sigmaFactor(structure: Structure, geometry: StructureGeometry, config: Config): number {
  const volume = Math.max(structure.volumeCc, 1e-3) / config.reference_volume_cc;
  const gradient =
    Math.max(geometry.doseGradientGyPerMm, 1e-3) / config.reference_dose_gradient_gy_per_mm;
  const factor =
    volume ** -config.volume_exponent *
    gradient ** -config.gradient_exponent *
    Math.max(geometry.sphericity, 1e-3) ** -config.sphericity_exponent;
  return Math.min(Math.max(factor, 1 / config.largest_factor), config.largest_factor);
}

export const plugin = definePlugin({
  role: 'histogram-sigma',
  configSchema,
  create: ({ config }) => ({
    openSession: ({ plan }) => ({
      advise: (geometry) => {
        const finest = plan.levels[0];
        if (finest === undefined) return undefined;
        const structures = geometry.structures.flatMap((structureGeometry) => {
          const structure = plan.structures[structureGeometry.structure];
          if (structure === undefined) return [];
          const factor = sigmaFactor(structure, structureGeometry, config);
          return [
            {
              structure: structureGeometry.structure,
              histogramSigmaGy: finest.histogramSigmaGy * factor,
            },
          ];
        });
        return structures.length > 0 ? { structures } : undefined;
      },
    }),
  }),
});
