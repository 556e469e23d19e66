# Refuses a volume with files of another database, or of another version of it, before the server sees them: PostgreSQL would pass
# them over and begin anew beside them, MySQL would change them for good.
set -eu
volume=/volume

refuse() {
  printf '%s\n' "The claim $CLAIM holds $1; the values ask for $DRIVER $MAJOR. Nothing has been changed." "" >&2
  cat >&2
  exit 1
}

other_driver() {
  refuse "$1" <<EOF
Set database.driver to $2 again. Or, to begin with an empty database, make a new claim and write its name into
database.persistence.existingClaim: no dump of the one fits the other.
EOF
}

other_version() {
  refuse "$1" <<EOF
Files of one version are not for another; a dump is. To move:
1. Set database.images.$DRIVER.tag back to the tag it had, and upgrade the release.
2. Dump the database:
   $DUMP
3. Make a new claim, write its name into database.persistence.existingClaim, set database.images.$DRIVER.tag to $TAG, and upgrade the
   release. The old claim stays as it is.
4. Load the dump:
   $LOAD
5. Restart the webmail, which brings the tables up to date:
   kubectl -n $NAMESPACE rollout restart deployment $WEB
EOF
}

# PostgreSQL keeps each version's files in a folder of its own; older images kept them at the top, or where they were told.
postgres=
for file in "$volume"/PG_VERSION "$volume"/data/PG_VERSION "$volume"/pgdata/PG_VERSION "$volume"/*/docker/PG_VERSION; do
  if [ -f "$file" ]; then postgres=$(cat "$file"); fi
done
# MySQL's are in one folder, which this script has made, beside a note of their version.
mysql=
if [ -f "$volume/ibdata1" ]; then mysql=unknown; fi
if [ -f "$volume/mysql/ibdata1" ]; then
  mysql=unknown
  if [ -f "$volume/mysql-version" ]; then mysql=$(cat "$volume/mysql-version"); fi
fi

if [ "$DRIVER" = pgsql ]; then
  if [ -n "$mysql" ]; then other_driver "files of MySQL" mysql; fi
  # Beside files of the wanted version, others are of the past.
  wanted=$volume/$MAJOR/docker/PG_VERSION
  if [ -n "$postgres" ] && [ ! -f "$wanted" ]; then other_version "files of PostgreSQL $postgres"; fi
  # Images with and without alpine have different users, and sort letters differently, which indexes depend on.
  if [ -f "$wanted" ] && [ ! -O "$wanted" ]; then other_version "files of user $(stat -c %u "$wanted"), so of another kind of image"; fi
else
  if [ -n "$postgres" ]; then other_driver "files of PostgreSQL" pgsql; fi
  if [ -n "$mysql" ] && [ "$mysql" != "$MAJOR" ]; then other_version "files of MySQL, version $mysql"; fi
  mkdir -p "$volume/mysql"
  echo "$MAJOR" >"$volume/mysql-version"
fi
