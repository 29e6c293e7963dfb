# Serves /srv at 127.0.0.1:8000, and where /etc/mirror.pem has a certificate and its key, at 127.0.0.1:8443 over TLS. Each line of
# /srv/faults, FAULT END, is for the files whose URL ends so: a status, TIMESxSTATUS for the first requests only, or RATEB/s for bytes
# that come slowly.
import http.server
import os
import ssl
import threading
import time


class Handler(http.server.SimpleHTTPRequestHandler):
    asked = {}
    rate = 0

    def do_GET(self):
        with open("/srv/faults") as faults:
            for line in faults:
                fault, end = line.split()
                if not self.path.endswith(end):
                    continue
                times, _, status = fault.rpartition("x")
                self.asked[end] = self.asked.get(end, 0) + 1
                if fault.endswith("B/s"):
                    self.rate = int(fault.removesuffix("B/s"))
                elif not times or self.asked[end] <= int(times):
                    self.send_error(int(status))
                    return
        super().do_GET()

    def copyfile(self, source, out):
        while self.rate and (some := source.read(self.rate)):
            out.write(some)
            time.sleep(1)
        super().copyfile(source, out)

    def log_message(self, *arguments):
        pass


def server(port):
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), lambda *a: Handler(*a, directory="/srv"))


if os.path.exists("/etc/mirror.pem"):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain("/etc/mirror.pem")
    secure = server(8443)
    secure.socket = tls.wrap_socket(secure.socket, server_side=True)
    threading.Thread(target=secure.serve_forever, daemon=True).start()
server(8000).serve_forever()
