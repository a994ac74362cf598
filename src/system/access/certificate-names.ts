import 'reflect-metadata'; // Its library finds its parts by it.
import { SubjectAlternativeNameExtension, X509Certificate } from '@peculiar/x509';

/** Names as patterns spell their kinds. */
const KINDS: Readonly<Record<string, string>> = { dns: 'DNS', url: 'URI', email: 'EMAIL' };

export interface CertificateNames {
  /** Of the subject; empty when it has none. */
  readonly commonName: string;
  /** Such as `CN:optimizer` and `DNS:planning.example`. */
  readonly all: readonly string[];
}

/** Who a verified certificate is of. Read from its structure: a name that holds `, DNS:` does not become two. */
export function namesOf(der: Uint8Array): CertificateNames {
  const certificate = new X509Certificate(new Uint8Array(der));
  const [commonName = ''] = certificate.subjectName.getField('CN');
  const alternative = certificate.getExtension(SubjectAlternativeNameExtension);
  const others = (alternative?.names.items ?? []).flatMap(({ type, value }) => {
    const kind = KINDS[type];
    return kind === undefined ? [] : [`${kind}:${value}`];
  });
  return { commonName, all: commonName === '' ? others : [`CN:${commonName}`, ...others] };
}

/** Whether a name fits a pattern, in which `*` stands for letters other than `/` and comma. Kinds and letters count as they are. */
export function fits(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/,]*')}$`, 'u').test(name);
}
