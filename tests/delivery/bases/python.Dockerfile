FROM local/debian
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
ADD python.tar /usr/local/
RUN ldconfig \
    && for name in /usr/local/bin/pip*; do [ ! -e "$name" ] || sed -i '1s|^#!.*/|#!/usr/local/bin/|' "$name"; done \
    && { [ -e /usr/local/bin/python ] || ln -s /usr/bin/python3 /usr/local/bin/python; }
