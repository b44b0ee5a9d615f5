-- For Wireshark and tshark: what is inside Spillway's tunnels, once it is decrypted.
--     tshark -X lua_script:extcap/spillway.lua -r FILE
-- or link it into Wireshark's folder of Lua plugins (`tshark -G folders`, "Personal Lua Plugins").

local tunnel = Proto("spillway", "Spillway tunnel")
local ipv4 = Dissector.get("ip")
local ipv6 = Dissector.get("ipv6")

-- What the first byte says stands behind it (docs/protocol.md, "Inside a record").
local names = {
    [1] = "PACKET", [2] = "PACKET_PARTIAL_CHECKSUM", [3] = "PROBE", [4] = "PROBE_REPLY",
    [5] = "RELAY", [6] = "CLOSE", [7] = "PATH_CHECK", [8] = "PATH_ANSWER", [9] = "PROOF",
}
local ANSWER = 0x80

function tunnel.dissector(buffer, packet, tree)
    local byte = buffer(0, 1):uint()
    local kind = byte % ANSWER
    local name = (names[kind] or "unknown") .. (byte >= ANSWER and ", ANSWER" or "")
    tree:add(tunnel, buffer(0, 1), "Spillway " .. name)
    if kind > 2 or buffer:len() < 2 then
        packet.cols.info:append(" [" .. name .. "]")
        return
    end
    local inner = buffer(1):tvb()
    local dissector = inner(0, 1):bitfield(0, 4) == 6 and ipv6 or ipv4
    dissector:call(inner, packet, tree)
end

for _, port in ipairs({ 443, 1337, 20049, 20060 }) do
    DissectorTable.get("dtls.port"):add(port, tunnel)
end
