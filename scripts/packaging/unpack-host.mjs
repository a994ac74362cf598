// node scripts/packaging/unpack-host.mjs FOLDER: the host of this checkout, built before, as it is released. See the Dockerfile.
import { unpackHost } from './host-package.mjs';

const [into] = process.argv.slice(2);
if (into === undefined) throw new Error('usage: node scripts/packaging/unpack-host.mjs FOLDER');
await unpackHost({ root: process.cwd(), into });
