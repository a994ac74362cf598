import { HostError } from '../../domain/errors/host-error.js';
import { type ConfigFiles, sha256Of } from '../edit/config-files.js';

/** One file in memory. `text` undefined = it is gone. */
export class MemoryConfigFiles implements ConfigFiles {
  text: string | undefined;
  /** Called before each replacement, for whatever a test lets happen meanwhile. */
  beforeReplace: () => void = () => undefined;

  constructor(text: string) {
    this.text = text;
  }

  async read() {
    if (this.text === undefined) throw new Error('ENOENT');
    return { text: this.text, sha256: sha256Of(this.text) };
  }

  async replace(file: string, text: string, expectedSha256: string) {
    this.beforeReplace();
    if (sha256Of(this.text ?? '') !== expectedSha256)
      throw new HostError('config-edited', { file });
    this.text = text;
  }
}
