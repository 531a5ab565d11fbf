"""The reference of P5 and P7 for a whole farm: paho-mqtt for Python with one TLS session a printer,
json.loads and a merge for every message. Prints "started", then for each line of standard input
"MESSAGES CPU_SECONDS ONLINE" so far."""

import json
import resource
import ssl
import sys
import threading

import paho.mqtt.client as mqtt

from reference_report_merge import merge


def main():
    farm = json.load(open(sys.argv[1], encoding="utf-8"))
    codes = json.load(open(sys.argv[2], encoding="utf-8"))
    states = {}
    counted = {"messages": 0, "online": 0}
    lock = threading.Lock()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    clients = []
    for printer in farm["printers"]:
        client = mqtt.Client(client_id="reference-" + printer["id"])
        client.username_pw_set("bblp", codes[printer["id"]])
        client.tls_set_context(context)

        def on_connect(me, _data, _flags, code, printer=printer):
            if code != 0:
                return
            me.subscribe(f"device/{printer['serial']}/report", 0)
            me.publish(f"device/{printer['serial']}/request",
                       '{"pushing":{"sequence_id":"1","command":"pushall"}}', 0)
            with lock:
                counted["online"] += 1

        def on_message(_me, _data, message, printer=printer):
            said = json.loads(message.payload)
            if "print" in said:
                merge(states.setdefault(printer["id"], {}), said["print"])
            with lock:
                counted["messages"] += 1

        client.on_connect = on_connect
        client.on_message = on_message
        client.connect(printer["address"], printer["port"], 30)
        client.loop_start()
        clients.append(client)
    print("started", flush=True)
    for _ in sys.stdin:
        used = resource.getrusage(resource.RUSAGE_SELF)
        with lock:
            print(counted["messages"], used.ru_utime + used.ru_stime, counted["online"], flush=True)


main()
