# Serves /srv at 127.0.0.1:8000. Each line of /srv/faults, STATUS END, has a status for the files whose URL ends so.
import http.server


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


http.server.ThreadingHTTPServer(("127.0.0.1", 8000), lambda *a: Handler(*a, directory="/srv")).serve_forever()
