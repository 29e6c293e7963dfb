# Has cloud-init's own code read user-data without a boot. Each file SOURCE/REST below the directory sys.argv[1] is user-data as the
# data source SOURCE gets it. What the module write_files writes for it goes below sys.argv[2]/SOURCE/REST, and so does the rest of
# the configuration.
import functools
import json
import logging
import pathlib
import sys
from unittest import mock

from cloudinit import handlers, helpers, log, settings, user_data
from cloudinit.config import cc_write_files
from cloudinit.handlers.cloud_config import CloudConfigPartHandler
from cloudinit.sources import DataSourceGCE, DataSourceVMware
from cloudinit.sources.helpers import hetzner


def gce(data):
    attributes = {"user-data": data.decode(), "user-data-encoding": "base64"}

    def get_value(_, path, *rest):
        return json.dumps(attributes if path == "instance/attributes" else {})

    with mock.patch.object(DataSourceGCE.GoogleMetadataFetcher, "get_value", get_value):
        return DataSourceGCE.read_md("http://127.0.0.1/", mock.Mock(), platform_check=False)["user-data"]


# What the data sources make of what they get. NoCloud stands for all that change nothing.
SOURCES = {
    "nocloud": lambda data: data,
    "hetzner": hetzner.maybe_b64decode,
    "gce": gce,
    "vmware": lambda data: DataSourceVMware.decode("userdata", "gzip+base64", data.decode()),
}


@functools.cache  # sources often give the same, and reading YAML takes most of the time
def configuration(data):
    instance = mock.Mock(get_instance_id=lambda: "instance")
    paths = helpers.Paths({}, instance)
    handler = CloudConfigPartHandler(paths)
    known = helpers.ContentHandlers()
    known.register(handler)
    parts = user_data.UserDataProcessor(paths).process(data)
    context = {"handlers": known, "data": None, "frequency": settings.PER_INSTANCE, "excluded": []}
    handlers.walk(parts, handlers.walker_callback, context)
    return handler.cloud_buf


def write(config, directory):
    files = [{**f, "path": f"{directory}{f['path']}"} for f in config["write_files"]]
    cc_write_files.write_files("write_files", files, "root:root")
    rest = {key: value for key, value in config.items() if key != "write_files"}
    (directory / "rest.json").write_text(json.dumps(rest, sort_keys=True))


def main(given, written):
    log.setupBasicLogging(logging.WARNING)
    for file in filter(pathlib.Path.is_file, given.rglob("*")):
        name = file.relative_to(given)
        write(configuration(SOURCES[name.parts[0]](file.read_bytes())), written / name)


main(*map(pathlib.Path, sys.argv[1:]))
