"""A mail as a stranger sends it: a name in code, another alphabet, a file whose name is a path."""

MAIL = b"""From: Jan Jansen <jan@company.example>\r
To: toezicht@example.org\r
Subject: =?utf-8?q?Antwoord_in_zaak_GB-2026-000001_=E2=80=93_storing?=\r
Message-ID: <one@company.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=x\r
\r
--x\r
Content-Type: text/plain; charset=iso-8859-1\r
\r
Er was een caf\xe9-storing.\r
--x\r
Content-Type: application/pdf; name="../../etc/passwd.pdf"\r
Content-Disposition: attachment; filename="../../etc/passwd.pdf"\r
Content-Transfer-Encoding: base64\r
\r
JVBERi0xLjQ=\r
--x--\r
"""
