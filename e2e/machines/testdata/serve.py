# Serves /srv at 127.0.0.1:8000, and where /etc/mirror.pem has a certificate and its key, at 127.0.0.1:8443 over TLS. Each line of
# /srv/faults, STATUS END, has a status for the files whose URL ends so.
import http.server
import os
import ssl
import threading


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        with open("/srv/faults") as faults:
            for line in faults:
                status, end = line.split()
                if self.path.endswith(end):
                    self.send_error(int(status))
                    return
        super().do_GET()

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
