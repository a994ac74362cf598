import { ACCESS_ROLES } from '../../domain/operations/access.js';
import { z } from '../../plugin-sdk/index.js';

/** What somebody may do, as a configuration says it. */
export const rolesSchema = z.array(z.enum(ACCESS_ROLES)).min(1);
