"""Writes a CycloneDX bill of materials for a Debian package of this project, and what was compiled into it.

cpp_sbom.py PACKAGE.deb LBFGSPP_VERSION OUT.json
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot5
from packageurl import PackageURL

# Headers that leave code behind and no library to depend on.
COMPILED_IN = ("libeigen3-dev", "libboost-dev", "libcli11-dev", "nlohmann-json3-dev")


def field(deb: str, name: str) -> str:
    """A field of the package's control file."""
    return subprocess.run(["dpkg-deb", "-f", deb, name], check=True, capture_output=True, text=True).stdout.strip()


def installed_version(package: str) -> str:
    """The version that it was built with here, as Debian counts."""
    query = ["dpkg-query", "-W", "-f", "${Version}", package]
    return subprocess.run(query, check=True, capture_output=True, text=True).stdout


def debian(package: str) -> Component:
    """A package of Debian."""
    version = installed_version(package)
    purl = PackageURL("deb", "debian", package, version)
    return Component(
        name=package, version=version, type=ComponentType.LIBRARY, purl=purl, bom_ref=str(purl)
    )


def main(deb: str, lbfgspp_version: str, out: str) -> None:
    """Reads the package's dependencies, which dpkg-shlibdeps found, and adds what is compiled in."""
    product = Component(
        name=field(deb, "Package"),
        version=field(deb, "Version"),
        type=ComponentType.APPLICATION,
        licenses=[DisjunctiveLicense(id="MIT")],
        bom_ref="product",
    )
    linked = re.findall(r"(?:^|, )([a-z0-9.+-]+)", field(deb, "Depends"))
    components = [debian(package) for package in linked]
    if product.name == "rtmodel":
        components += [debian(package) for package in COMPILED_IN]
        components.append(
            Component(
                name="lbfgspp",
                version=lbfgspp_version,
                type=ComponentType.LIBRARY,
                licenses=[DisjunctiveLicense(id="MIT")],
                purl=PackageURL("github", "yixuan", "LBFGSpp", f"v{lbfgspp_version}"),
                bom_ref="lbfgspp",
            )
        )
    else:
        components.append(debian("libboost-dev"))
    bom = Bom(components=components)
    bom.metadata.component = product
    bom.register_dependency(product, components)
    Path(out).write_text(JsonV1Dot5(bom).output_as_string(indent=2) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
