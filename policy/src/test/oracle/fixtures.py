#!/usr/bin/env python3
"""Makes fixtures.json: certificates, keys and tokens that exist for these tests only. Needs openssl. Run once."""

import base64
import json
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent


def main():
    with tempfile.TemporaryDirectory() as folder:
        f = pathlib.Path(folder)

        def run(*args, data=None):
            return subprocess.run(["openssl", *args], cwd=f, input=data, capture_output=True, check=True).stdout

        def text(name):
            return (f / name).read_text()

        for name, curve in (("root", "prime256v1"), ("mid", "prime256v1"), ("leaf", "prime256v1"), ("other", "secp384r1"), ("big", "secp521r1")):
            run("ecparam", "-name", curve, "-genkey", "-noout", "-out", name + ".key")
        run("genrsa", "-traditional", "-out", "rsa1.key", "1024")
        run("rsa", "-in", "rsa1.key", "-out", "rsa8.key")
        run("genrsa", "-out", "rsa2048.key", "2048")
        run("genpkey", "-algorithm", "ed25519", "-out", "ed.key")
        run("genpkey", "-algorithm", "x25519", "-out", "x.key")
        run("pkcs8", "-topk8", "-nocrypt", "-in", "leaf.key", "-out", "leaf8.key")
        run("req", "-x509", "-new", "-key", "root.key", "-days", "9000", "-subj", "/C=GB/O=Test/CN=Root", "-out", "root.crt", "-addext", "keyUsage=critical,keyCertSign,cRLSign")

        def issue(name, subject, issuer, ext):
            (f / "ext").write_text(ext)
            run("req", "-new", "-key", name + ".key", "-subj", subject, "-out", name + ".csr")
            run("x509", "-req", "-in", name + ".csr", "-CA", issuer + ".crt", "-CAkey", issuer + ".key", "-days", "9000", "-extfile", "ext", "-out", name + ".crt")

        issue("mid", "/O=Test/CN=Mid", "root", "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=keyCertSign\nnameConstraints=permitted;DNS:example.com,excluded;IP:192.168.0.0/255.255.0.0,permitted;IP:10.0.0.0/255.0.0.0\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
        issue("leaf", "/O=Test/OU=A/OU=B/L=City/ST=State/street=Way 1/postalCode=123/serialNumber=77/CN=leaf/emailAddress=a@b.c", "mid",
              "subjectAltName=DNS:leaf.example.com,DNS:*.wild.example.com,IP:10.0.0.1\nextendedKeyUsage=serverAuth,clientAuth,1.2.3.4\nkeyUsage=critical,digitalSignature\n"
              "certificatePolicies=1.2.3.4,2.5.29.32.0\ncrlDistributionPoints=URI:http://crl.example.com/a.crl\nauthorityInfoAccess=OCSP;URI:http://ocsp.example.com,caIssuers;URI:http://ca.example.com/ca.crt\n")
        issue("other", "/CN=other", "root", "subjectAltName=URI:spiffe://example.com/a%2Fb?x=1,email:a@example.com,IP:2001:db8::1\nextendedKeyUsage=codeSigning\npolicyConstraints=requireExplicitPolicy:3\ninhibitAnyPolicy=0\n")
        issue("big", "/CN=big", "leaf", "1.2.3.5=critical,DER:0101FF\n")
        run("req", "-x509", "-new", "-key", "ed.key", "-days", "9000", "-subj", "/CN=ed", "-out", "ed.crt")
        run("req", "-x509", "-new", "-key", "rsa1.key", "-sha256", "-days", "9000", "-subj", "/CN=rsa", "-out", "rsa.crt")
        run("req", "-x509", "-new", "-key", "rsa1.key", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-days", "9000", "-subj", "/CN=pss", "-out", "pss.crt")
        run("req", "-x509", "-new", "-key", "rsa1.key", "-sha1", "-days", "9000", "-subj", "/CN=sha1", "-out", "sha1.crt")
        run("req", "-new", "-key", "leaf.key", "-subj", "/CN=csr", "-addext", "subjectAltName=DNS:csr.example.com,IP:1.2.3.4,URI:http://x/,email:a@b.c", "-addext", "keyUsage=critical,digitalSignature", "-out", "ext.csr")
        run("ec", "-in", "leaf.key", "-pubout", "-out", "leaf.pub")
        run("rsa", "-in", "rsa2048.key", "-pubout", "-out", "rsa.pub")
        run("pkey", "-in", "ed.key", "-pubout", "-out", "ed.pub")
        run("req", "-x509", "-new", "-key", "rsa2048.key", "-days", "9000", "-subj", "/CN=jwt", "-out", "jwt.crt")

        def url(data):
            return base64.urlsafe_b64encode(data if isinstance(data, bytes) else data.encode()).rstrip(b"=").decode()

        def signed(header, claims, *how):
            part = url(json.dumps(header)) + "." + url(claims if isinstance(claims, str) else json.dumps(claims))
            (f / "data").write_text(part)
            if how[0] == "hmac":
                raw = run("dgst", "-sha" + how[1], "-mac", "hmac", "-macopt", "key:secret", "-binary", "data")
            elif how[0] == "ed":
                raw = run("pkeyutl", "-sign", "-inkey", "ed.key", "-rawin", "-in", "data")
            elif how[0] == "ec":
                raw = der_to_pair(run("dgst", "-sha256", "-sign", "leaf.key", "data"))
            else:
                raw = run("dgst", "-sha" + how[1], *(("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1") if how[0] == "ps" else ()), "-sign", "rsa2048.key", "data")
            return part + "." + url(raw)

        def der_to_pair(der):
            out, at = b"", 2
            for _ in range(2):
                length = der[at + 1]
                out += der[at + 2:at + 2 + length].lstrip(b"\0").rjust(32, b"\0")
                at += 2 + length
            return out

        claims = {"iss": "me", "aud": ["them", "us"], "sub": "x"}
        inner = signed({"alg": "HS256"}, claims, "hmac", "256")
        jwts = [inner, signed({"alg": "HS512", "kid": "k"}, claims, "hmac", "512"), signed({"alg": "RS256", "typ": "JWT"}, claims, "rs", "256"), signed({"alg": "PS256"}, claims, "ps", "256"), signed({"alg": "ES256", "kid": "ec"}, claims, "ec"),
                signed({"alg": "EdDSA"}, claims, "ed"), signed({"alg": "HS256"}, {"exp": 1000000000}, "hmac", "256"), signed({"alg": "HS256"}, {"exp": 4000000000, "nbf": 1}, "hmac", "256"), signed({"alg": "HS256"}, {"nbf": 4000000000}, "hmac", "256"),
                signed({"alg": "HS256"}, {"exp": "x"}, "hmac", "256"), signed({"alg": "HS256", "crit": ["x"]}, claims, "hmac", "256"), signed({"alg": "HS256", "crit": []}, claims, "hmac", "256"), signed({"alg": "HS256", "cty": "JWT"}, inner, "hmac", "256"), signed({"alg": "HS256"}, "[1]", "hmac", "256"),
                signed({"alg": "HS256"}, "no json", "hmac", "256"), signed({"alg": "RS512"}, claims, "rs", "512"), signed({"alg": "HS256"}, {"aud": "them"}, "hmac", "256"), signed({"alg": "HS384"}, claims, "hmac", "384")]

        def numbers(key):
            out = run("rsa", "-in", key, "-noout", "-text").decode()
            fields, name = {}, ""
            for line in out.splitlines():
                if not line.startswith(" "):
                    name, _, rest = line.partition(":")
                    fields[name] = rest.strip()
                else:
                    fields[name] += line.strip()
            return {k: bytes.fromhex(v.replace(":", "")).lstrip(b"\0") for k, v in fields.items() if ":" in v and "(" not in v}

        n = numbers("rsa2048.key")
        rsa_public = {"kty": "RSA", "n": url(n["modulus"]), "e": "AQAB"}
        rsa_private = {**rsa_public, "d": url(n["privateExponent"]), "p": url(n["prime1"]), "q": url(n["prime2"]), "dp": url(n["exponent1"]), "dq": url(n["exponent2"]), "qi": url(n["coefficient"])}
        point = run("ec", "-in", "leaf.key", "-pubout", "-outform", "DER")[-64:]
        ec_public = {"kty": "EC", "crv": "P-256", "kid": "ec", "x": url(point[:32]), "y": url(point[32:])}
        ed_public = run("pkey", "-in", "ed.key", "-pubout", "-outform", "DER")[-32:]
        ed_private = run("pkey", "-in", "ed.key", "-outform", "DER")[-32:]
        ed_jwk = {"kty": "OKP", "crv": "Ed25519", "x": url(ed_public)}
        certs = [text(c + ".crt") for c in ("root", "mid", "leaf", "other", "big", "ed", "rsa", "pss", "sha1")]
        root, mid, leaf, other, big, ed, rsa, _, sha1 = certs
        chains = [root + mid + leaf, mid + leaf, root + leaf, leaf + mid + root, root + other, root + mid + leaf + big, ed + ed, rsa + rsa, sha1 + sha1, root + mid + other, root + root, "junk\n" + root + mid + leaf, root + "between\n" + mid + leaf + "end"]
        (HERE / "fixtures.json").write_text(json.dumps({
            "certs": certs + [base64.b64encode(leaf.encode()).decode(), base64.b64encode(run("x509", "-in", "leaf.crt", "-outform", "DER")).decode()],
            "keys": [text(k + ".key") for k in ("root", "leaf", "leaf8", "other", "big", "rsa1", "rsa8", "ed", "x")] + [text("leaf.key") + text("ed.key"), base64.b64encode(text("leaf8.key").encode()).decode(), base64.b64encode(run("pkey", "-in", "leaf.key", "-outform", "DER")).decode()],
            "csrs": [text("ext.csr"), text("leaf.csr"), base64.b64encode(text("ext.csr").encode()).decode(), base64.b64encode(run("req", "-in", "ext.csr", "-outform", "DER")).decode()],
            "chains": chains, "jwts": jwts,
            "jwt_keys": [text("rsa.pub"), text("leaf.pub"), text("ed.pub"), text("jwt.crt"), json.dumps(ec_public), json.dumps({"keys": [rsa_public, ec_public, ed_jwk, {"kty": "oct", "k": url("secret")}]}), json.dumps(rsa_public), json.dumps(ed_jwk)],
            "private_jwks": [json.dumps(rsa_private), json.dumps({**ed_jwk, "d": url(ed_private)})],
        }, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
