// Debian packages and the archive of the client library, unpacked where nothing else is.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { productVersion } from '../versions.mjs';

/**
 * Unpacks the optimizer, in place of an installation as root.
 * @returns its program, and the environment it needs.
 */
export async function unpackCpp({ root, folder, artefact, say }) {
  const deb = artefact(/^rtmodel_.*\.deb$/);
  const place = join(folder, 'rtmodel');
  await execa('dpkg-deb', ['--extract', deb, place]);
  const rtmodel = join(place, 'usr/bin/rtmodel');
  const { stdout } = await execa(rtmodel, ['--version']);
  assert.ok(stdout.includes(productVersion(root)), `rtmodel says ${stdout}`);
  const packages = [deb, artefact(/^libdh-advisor-dev_.*\.deb$/)];
  // Whether Debian has all that they depend on, in these versions.
  const { stdout: plan } = await execa('apt-get', [
    'install',
    '--simulate',
    '--no-install-recommends',
    ...packages,
  ]);
  for (const name of ['rtmodel', 'libdh-advisor-dev'])
    assert.match(plan, new RegExp(`^Inst ${name} `, 'm'));
  say('the Debian packages can be installed, and rtmodel runs');
  return { rtmodel, env: {} };
}

const PROJECT = `cmake_minimum_required(VERSION 3.22)
project(of_a_user LANGUAGES C CXX)
find_package(dh_advisor REQUIRED COMPONENTS shared)
add_executable(loop advised_loop.cpp)
target_compile_features(loop PRIVATE cxx_std_17)
target_link_libraries(loop PRIVATE dh_advisor::dh_advisor_shared)
`;

/** Builds an example against the archive alone, by CMake, and runs it without a host: it finishes its plan. */
export async function verifyCpp({ root, folder, artefact, say }) {
  const place = join(folder, 'sdk');
  const project = join(folder, 'of-a-user');
  await execa('mkdir', ['-p', place, project]);
  await execa('tar', ['-xzf', artefact(/^dh-advisor-sdk-.*\.tar\.gz$/), '-C', place]);
  for (const file of ['advised_loop.cpp', 'toy_problem.h']) {
    writeFileSync(join(project, file), readFileSync(join(root, 'cpp/examples', file)));
  }
  writeFileSync(join(project, 'CMakeLists.txt'), PROJECT);
  await execa('cmake', ['-G', 'Ninja', '-S', '.', '-B', 'build', `-DCMAKE_PREFIX_PATH=${place}`], {
    cwd: project,
  });
  await execa('cmake', ['--build', 'build'], { cwd: project });
  const { stdout } = await execa(join(project, 'build/loop'), ['127.0.0.1:9']);
  assert.match(stdout, /objective \d/);
  say('a program builds against the CMake package alone, and plans without a host');
}
